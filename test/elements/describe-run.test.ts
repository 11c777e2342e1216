import { describe, expect, test } from 'vitest';
import { comparisonOf, fallbacksOf, figuresOf, headlineOf, nameOfMode } from '../../src/elements/describe-run.js';
import type { FallbackStep } from 'gradelanes';
import { ENGLISH } from '../../src/elements/english.js';
import { GERMAN } from '../../src/elements/german.js';
import { durationIn } from '../../src/elements/labels.js';

describe('headlineOf', () => {
  test('counts what was graded, and says plainly what was not', () => {
    expect(headlineOf(ENGLISH, { gradedCount: 1, failedCount: 0, totalProcessingTimeMs: 340 })).toBe(
      '1 answer graded in 340 ms',
    );
    expect(headlineOf(ENGLISH, { gradedCount: 4, failedCount: 2, totalProcessingTimeMs: 2_000 })).toBe(
      '4 answers graded in 2.0 s, 2 not graded',
    );
  });

  test('does with the six metrics of an older server', () => {
    expect(headlineOf(ENGLISH, { totalProcessingTimeMs: 150 })).toBe('0 answers graded in 150 ms');
    expect(headlineOf(ENGLISH, {})).toBe('0 answers graded');
  });
});

describe('nameOfMode', () => {
  test('tells a fallback from the plain mode', () => {
    expect(nameOfMode(ENGLISH, { processingModeUsed: 'batch' })).toBe('In groups');
    expect(nameOfMode(ENGLISH, { processingModeUsed: 'batch_fallback' })).toBe('In groups, after difficulties');
  });

  test('says so where part of the work went another way, whatever mode came last', () => {
    const fallbacks = [{ reason: 'busy' } as FallbackStep];
    expect(nameOfMode(ENGLISH, { processingModeUsed: 'parallel', fallbacks })).toBe(
      'Several at once, after difficulties',
    );
  });

  test('knows no modes but its own', () => {
    const metrics = { processingModeUsed: 'constructor' as 'parallel' };
    expect(nameOfMode(ENGLISH, metrics)).toBe('constructor');
  });

  test('says when no model was asked', () => {
    expect(nameOfMode(ENGLISH, { processingModeUsed: undefined })).toBe('No AI needed');
  });
});

describe('comparisonOf', () => {
  test('calls the time one by one an estimate', () => {
    expect(comparisonOf(ENGLISH, { estimatedSequentialTimeMs: 2_900, totalProcessingTimeMs: 1_000 })).toEqual({
      sentence: 'Estimate: one after another, the same requests would take about 2.9 s, 2.9 times as long.',
      bars: [1_000, 2_900],
    });
  });

  test('claims no gain where there was none', () => {
    expect(
      comparisonOf(ENGLISH, { estimatedSequentialTimeMs: 2_000, totalProcessingTimeMs: 1_990 })?.sentence,
    ).toContain('no time was saved');
    expect(comparisonOf(ENGLISH, { estimatedSequentialTimeMs: 900, totalProcessingTimeMs: 3_000 })?.sentence).toContain(
      'no time was saved',
    );
  });

  test('claims nothing of requests that failed or were put again', () => {
    const measured = { estimatedSequentialTimeMs: 447, totalProcessingTimeMs: 5_500 };
    for (const trouble of [{ retries: 1 }, { failedCount: 1 }, { fallbacks: [{ reason: 'busy' } as FallbackStep] }]) {
      expect(comparisonOf(ENGLISH, { ...measured, ...trouble })).toEqual({
        sentence: expect.stringMatching(
          /requests that gave a grade would take about 447 ms .* Failed ones are left out/,
        ),
      });
    }
  });

  test('is silent where nothing was measured', () => {
    expect(
      comparisonOf(ENGLISH, { estimatedSequentialTimeMs: undefined, totalProcessingTimeMs: 3_000 }),
    ).toBeUndefined();
    expect(comparisonOf(ENGLISH, { estimatedSequentialTimeMs: 900 })).toBeUndefined();
  });
});

describe('fallbacksOf', () => {
  const step = { kind: 'mode', from: 'parallel', to: 'batch', code: 'overloaded', reason: 'too busy', answerCount: 3 };

  test('takes the steps, each with its reason', () => {
    expect(fallbacksOf({ fallbacks: [step as FallbackStep], fallbackReason: 'too busy; and more' })).toEqual([
      'too busy',
    ]);
  });

  test('takes the reason alone where there are no steps', () => {
    expect(fallbacksOf({ fallbacks: [], fallbackReason: 'parallel mode is switched off' })).toEqual([
      'parallel mode is switched off',
    ]);
    expect(fallbacksOf({})).toEqual([]);
  });
});

test('figuresOf leaves out what was not measured and what is zero', () => {
  const usage = { inputTokens: 3_000, outputTokens: 960 };
  const figures = figuresOf(ENGLISH, {
    requests: 9,
    retries: 4,
    concurrentExecutionCount: 5,
    pausedMs: 0,
    failedCount: 0,
    usage,
  });
  expect(figures.map(([name, value]) => [name, value])).toEqual([
    ['Requests', '9 (4 again)'],
    ['At the same time', '5'],
    ['Tokens', '3,960'],
  ]);
  expect(figures.every(([, , hint]) => hint.length > 20)).toBe(true);
});

test('numbers and words are those of the language', () => {
  expect(durationIn(GERMAN, 1_300)).toBe('1,3 s');
  expect(headlineOf(GERMAN, { gradedCount: 8, failedCount: 1, totalProcessingTimeMs: 1_300 })).toBe(
    '8 Antworten bewertet in 1,3 s, 1 nicht bewertet',
  );
  const parts = (labels: object): unknown =>
    Object.entries(labels).map(([name, label]) => [
      name,
      String(label).split('|').length,
      [...String(label).matchAll(/\{\w+\}/g)].map(([each]) => each).toSorted(),
    ]);
  expect(parts(GERMAN)).toEqual(parts(ENGLISH));
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.5, '1.0 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [125_400, '2 min 5 s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(durationIn(ENGLISH, milliseconds)).toBe(text);
});
