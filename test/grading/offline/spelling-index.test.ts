import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { compareTexts } from '../../../src/grading/offline/compare-texts.js';
import { prepareText } from '../../../src/grading/offline/prepared-text.js';
import { SpellingIndex } from '../../../src/grading/offline/spelling-index.js';
import { wordSimilarity } from '../../../src/grading/offline/word-similarity.js';

const tokenOf = (text: string) => ({ text, key: text, isContent: true });
const anyone = (): boolean => true;

/** Words of few letters, so that most pairs are near misses. */
const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 }), {
  maxLength: 30,
});

describe('the index of an answer', () => {
  propertyTest.prop([words, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 })])(
    'finds the same word as comparing with all of them does',
    (given, wanted) => {
      const offered = [...new Set(given)].filter((word) => word !== wanted);
      const best = Math.max(0, ...offered.map((word) => wordSimilarity(wanted, word)));
      const first = offered.find((word) => best > 0 && wordSimilarity(wanted, word) === best);
      const found = new SpellingIndex(offered.map(tokenOf)).mostSimilar(tokenOf(wanted), anyone);
      expect(found?.token.text).toBe(first);
      expect(found?.similarity ?? 0).toBe(best);
    },
  );

  test('finds slips at every place of a word', () => {
    for (const slip of ['wetar', 'awter', 'wate', 'ater', 'waterr', 'vater', 'wateh', 'waer']) {
      const found = new SpellingIndex([tokenOf(slip)]).mostSimilar(tokenOf('water'), anyone);
      expect([slip, found?.token.text]).toEqual([slip, wordSimilarity('water', slip) > 0 ? slip : undefined]);
    }
  });

  test('stops at 2,000 comparisons, over all model answers', () => {
    let asked = 0;
    const count = (): boolean => (asked += 1) > 0;
    const tokens = Array.from({ length: 500 }, (_, index) => tokenOf(`ab${index}xy`));
    const index = new SpellingIndex(tokens);
    for (let wanted = 0; wanted < 20; wanted += 1) index.mostSimilar(tokenOf(`ab${wanted}zxy`), count);
    expect(index.mostSimilar(tokenOf('abxyzxy'), anyone)).toBeUndefined();
    // Each word comes twice, by its beginning and by its end.
    expect(asked).toBe(2_000);
  });
});

describe('comparing words', () => {
  test('takes little time, however many model answers and misspelt words there are', () => {
    const text = (seed: number, count: number): string =>
      Array.from({ length: count }, (_, index) => `abcd${(index * 7919 + seed) % 100_000}efgh`).join(' ');
    const prompt = prepareText('', 'words');
    const models = Array.from({ length: 20 }, (_, seed) => prepareText(text(seed, 500), 'words'));
    const costs: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const before = process.threadCpuUsage();
      const answer = prepareText(text(50_000, 500), 'words');
      for (const model of models) compareTexts(model, answer, prompt);
      const { user, system } = process.threadCpuUsage(before);
      costs.push((user + system) / 1_000);
    }
    expect(Math.min(...costs)).toBeLessThan(50);
  });
});
