import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { markup } from '../../../src/evaluate/report/markup.js';

test('markup escapes what is put in, and leaves markup and lists of it as they are', () => {
  const items = ['<b>', "it's"].map((each) => markup`<li>${each}</li>`);
  expect(markup`<ul title="${'"&'}">${items}${undefined}${7}</ul>`.text).toBe(
    '<ul title="&quot;&amp;"><li>&lt;b&gt;</li><li>it&#39;s</li>7</ul>',
  );
});

test('markup shows characters that no page may hold, or that turn the text around them', () => {
  expect(markup`${'a\u0000b\ud800c\u202ed\n'}`.text).toBe('a\ufffdb\ufffdc\ufffdd\n');
});

test.prop([fc.string({ unit: 'binary' })])('markup lets no text out of its element or attribute', (text) => {
  expect(markup`${text}`.text).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
});
