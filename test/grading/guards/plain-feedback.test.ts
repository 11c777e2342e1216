import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { plainFeedback } from '../../../src/grading/guards/plain-feedback.js';

describe('plainFeedback', () => {
  test.each([
    'Good, but 3 < 5 and 7 > 6.',
    'Use `a && b` here:\n\n  indented',
    'Call actions[name](input).',
    '2² is 4, naïve is fine',
  ])('leaves %j as it is', (text) => {
    expect(plainFeedback(text)).toEqual({ text, hadMarkup: false });
  });

  test.each([
    ['<p>One.</p><p>Two.</p>', 'One. Two.'],
    ['<b>Well</b> d<i>o</i>ne', 'Well done'],
    ['Good<script>alert(1)</script> work', 'Good work'],
    ['Look <img src=x onerror=alert(1)> here', 'Look here'],
    ['See ![x](https://example.com/p?d=secret) this', 'See this'],
    ['See [the page](https://example.com)', 'See the page'],
    ['See https://example.com/a?b=c or www.example.com now', 'See or now'],
    ['Open javascript:alert(1)', 'Open'],
    ['vector<int>', 'vector< int>'],
    ['<scr<b></b>ipt>alert(1)</script>', '< script>alert(1)'],
    ['http://<http://![>b', 'http:// b'],
  ])('makes %j plain', (markup, text) => {
    expect(plainFeedback(markup)).toEqual({ text, hadMarkup: true });
  });

  test('takes out what no reader sees, without calling it markup', () => {
    expect(plainFeedback(' we\u202ell\r\ndone ')).toEqual({ text: 'well\ndone', hadMarkup: false });
  });

  test.prop([fc.string({ unit: fc.constantFrom('<', '>', '/', 'b', 'script', '![', '](', ')', 'http://', 'x', ' ') })])(
    'leaves nothing that opens a tag or loads an address',
    (text) => {
      expect(plainFeedback(text).text).not.toMatch(/<[a-z/!?]|https?:\/\/\w/i);
    },
  );

  test('takes a megabyte of tags in its stride', () => {
    const start = performance.now();
    for (const unit of ['<script>', '![', '[', '<', '<b ']) plainFeedback(unit.repeat(1_000_000 / unit.length));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
