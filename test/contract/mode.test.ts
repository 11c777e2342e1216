import { fc, test } from '@fast-check/vitest';
import {
  BATCH_FROM_ANSWERS,
  isGradingOptionsError,
  PARALLEL_FROM_ANSWERS,
  selectProcessingMode,
  type ModeSelectionOptions,
} from 'gradelanes';
import { describe, expect } from 'vitest';

const modes = ['parallel', 'batch', 'sequential'] as const;

describe('selectProcessingMode', () => {
  test.each([
    [0, 'sequential'],
    [1, 'sequential'],
    [2, 'batch'],
    [3, 'parallel'],
    [1_000, 'parallel'],
  ] as const)('takes for %i answers the mode %s', (count, mode) => {
    expect(selectProcessingMode(count)).toBe(mode);
    expect(selectProcessingMode(count, 'auto')).toBe(mode);
  });

  test('names the counts at which it changes', () => {
    expect([BATCH_FROM_ANSWERS, PARALLEL_FROM_ANSWERS]).toEqual([2, 3]);
  });

  test.each(modes)('obeys %s for every number of answers', (mode) => {
    for (const count of [0, 1, 2, 3, 50]) expect(selectProcessingMode(count, mode)).toBe(mode);
  });

  test.each<[number, (typeof modes)[number] | 'auto', ModeSelectionOptions, (typeof modes)[number]]>([
    [3, 'auto', { parallelEnabled: false }, 'batch'],
    [3, 'parallel', { parallelEnabled: false }, 'batch'],
    [2, 'auto', { parallelEnabled: false }, 'batch'],
    [1, 'auto', { parallelEnabled: false }, 'sequential'],
    [3, 'sequential', { parallelEnabled: false }, 'sequential'],
    [2, 'auto', { maxItemsPerCall: 1 }, 'sequential'],
    [2, 'batch', { maxItemsPerCall: 1 }, 'sequential'],
    [3, 'auto', { maxItemsPerCall: 1 }, 'parallel'],
    [3, 'auto', { maxItemsPerCall: 1, parallelEnabled: false }, 'sequential'],
    [3, 'auto', { maxItemsPerCall: 2 }, 'parallel'],
    [1, 'auto', { isolatesItems: true }, 'sequential'],
    [2, 'auto', { isolatesItems: true }, 'batch'],
    [100, 'auto', { isolatesItems: true }, 'batch'],
    [100, 'parallel', { isolatesItems: true }, 'parallel'],
    [3, 'auto', { parallelEnabled: undefined, maxItemsPerCall: undefined, isolatesItems: undefined }, 'parallel'],
  ])('of %i answers, asked for %s with %o, takes %s', (count, requested, options, mode) => {
    expect(selectProcessingMode(count, requested, options)).toBe(mode);
  });

  test.prop([
    fc.nat(),
    fc.constantFrom('auto', ...modes),
    fc.record(
      { parallelEnabled: fc.boolean(), maxItemsPerCall: fc.integer({ min: 1, max: 10 }), isolatesItems: fc.boolean() },
      { requiredKeys: [] },
    ),
  ])('never takes a mode that is ruled out', (count, requested, options) => {
    const mode = selectProcessingMode(count, requested, options);
    expect(mode === 'parallel' && options.parallelEnabled === false).toBe(false);
    expect(mode === 'batch' && options.maxItemsPerCall === 1).toBe(false);
  });

  test.each([-1, 1.5, Number.NaN, Infinity, '3' as unknown as number])('refuses %s as a count', (count) => {
    expect(() => selectProcessingMode(count)).toThrow(
      expect.objectContaining({ name: 'GradingOptionsError', field: 'answerCount', received: String(count) }),
    );
  });

  test('refuses a mode that is none', () => {
    const call = (): unknown => selectProcessingMode(3, 'turbo' as 'auto');
    expect(call).toThrow(expect.objectContaining({ field: 'mode', received: expect.stringContaining('turbo') }));
    expect(call).toThrow(expect.toSatisfy(isGradingOptionsError));
  });
});
