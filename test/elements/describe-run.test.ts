import { describe, expect, test } from 'vitest';
import { comparisonOf, fallbacksOf, figuresOf, headlineOf, nameOfMode } from '../../src/elements/describe-run.js';
import type { FallbackStep } from 'gradelanes';

describe('headlineOf', () => {
  test('counts what was graded, and says plainly what was not', () => {
    expect(headlineOf({ gradedCount: 1, failedCount: 0, totalProcessingTimeMs: 340 })).toBe(
      '1 answer graded in 340 ms',
    );
    expect(headlineOf({ gradedCount: 4, failedCount: 2, totalProcessingTimeMs: 2_000 })).toBe(
      '4 answers graded in 2.0 s, 2 not graded',
    );
  });

  test('does with the six metrics of an older server', () => {
    expect(headlineOf({ totalProcessingTimeMs: 150 })).toBe('Graded in 150 ms');
    expect(headlineOf({})).toBe('Graded');
  });
});

describe('nameOfMode', () => {
  test('tells a fallback from the plain mode', () => {
    expect(nameOfMode({ processingModeUsed: 'batch' })).toBe('In batches');
    expect(nameOfMode({ processingModeUsed: 'batch_fallback' })).toBe('In batches, as a fallback');
  });

  test('says when no model was asked', () => {
    expect(nameOfMode({ processingModeUsed: undefined })).toBe('No model asked');
  });
});

describe('comparisonOf', () => {
  test('calls the time one by one an estimate', () => {
    expect(comparisonOf({ estimatedSequentialTimeMs: 2_900, totalProcessingTimeMs: 1_000 })).toBe(
      'Estimate: one by one, the same calls would take about 2.9 s, 2.9 times as long.',
    );
  });

  test('claims no gain where there was none', () => {
    expect(comparisonOf({ estimatedSequentialTimeMs: 2_000, totalProcessingTimeMs: 1_990 })).toContain(
      'no time was saved',
    );
    expect(comparisonOf({ estimatedSequentialTimeMs: 900, totalProcessingTimeMs: 3_000 })).toContain(
      'no time was saved',
    );
  });

  test('is silent where nothing was measured', () => {
    expect(comparisonOf({ estimatedSequentialTimeMs: undefined, totalProcessingTimeMs: 3_000 })).toBeUndefined();
    expect(comparisonOf({ estimatedSequentialTimeMs: 900 })).toBeUndefined();
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
  const figures = figuresOf({
    requests: 9,
    retries: 4,
    concurrentExecutionCount: 5,
    pausedMs: 0,
    failedCount: 0,
    usage,
  });
  expect(figures).toEqual([
    ['Calls at once', '5'],
    ['Calls', '9, 4 repeated'],
    ['Tokens', '3,960'],
  ]);
});
