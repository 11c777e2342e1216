import { expect, test } from 'vitest';
import {
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersSequentially,
  gradeAnswersWithFallback,
  ProviderError,
  type GradingOptions,
  type ProviderCapabilities,
} from 'gradelanes';
import { mockProvider, type MockProvider } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

const asked = { localGrading: false } as const;
const sizesOf = (provider: MockProvider): number[] => provider.calls.map(({ items }) => items.length);

async function modesOf(count: number, options: Omit<GradingOptions, 'provider'>, capabilities?: ProviderCapabilities) {
  const provider = mockProvider(1, { capabilities });
  const { metrics } = await gradeAnswersWithFallback(sampleAnswers(count), { ...asked, provider, ...options });
  const { requestedMode, selectedMode, processingModeUsed, fallbackReason, fallbacks } = metrics;
  expect(fallbacks).toEqual([]);
  return { requestedMode, selectedMode, processingModeUsed, fallbackReason, sizes: sizesOf(provider) };
}

test.each([
  [1, 'sequential', [1]],
  [2, 'batch', [2]],
  [3, 'parallel', [1, 1, 1]],
] as const)('sends %i answers in %s mode', async (count, mode, sizes) => {
  expect(await modesOf(count, {})).toEqual({
    requestedMode: 'auto',
    selectedMode: mode,
    processingModeUsed: mode,
    fallbackReason: undefined,
    sizes,
  });
});

test('sends nothing for no answers and reports no mode as used', async () => {
  expect(await modesOf(0, {})).toMatchObject({ selectedMode: 'sequential', processingModeUsed: undefined, sizes: [] });
});

test.each([
  ['parallel', 1, [1]],
  ['parallel', 2, [1, 1]],
  ['batch', 1, [1]],
  ['batch', 5, [5]],
  ['sequential', 3, [1, 1, 1]],
] as const)('obeys mode %s for %i answers and reports it as itself', async (mode, count, sizes) => {
  expect(await modesOf(count, { mode })).toEqual({
    requestedMode: mode,
    selectedMode: mode,
    processingModeUsed: mode,
    fallbackReason: undefined,
    sizes,
  });
});

test('replaces parallel mode that is switched off by the next mode, with a reason and no _fallback', async () => {
  expect(await modesOf(3, { parallelEnabled: false })).toEqual({
    requestedMode: 'auto',
    selectedMode: 'batch',
    processingModeUsed: 'batch',
    fallbackReason: 'parallel mode is switched off, so batch mode is used instead of parallel',
    sizes: [3],
  });
  expect(await modesOf(3, { parallelEnabled: false, mode: 'parallel' })).toMatchObject({
    requestedMode: 'parallel',
    processingModeUsed: 'batch',
  });
});

test('replaces batch mode by sequential for a provider that takes one answer per call', async () => {
  expect(await modesOf(2, {}, { maxItemsPerCall: 1 })).toEqual({
    requestedMode: 'auto',
    selectedMode: 'sequential',
    processingModeUsed: 'sequential',
    fallbackReason: 'the provider takes one answer per call, so sequential mode is used instead of batch',
    sizes: [1, 1],
  });
  expect(await modesOf(3, {}, { maxItemsPerCall: 1 })).toMatchObject({ selectedMode: 'parallel', sizes: [1, 1, 1] });
  expect(await modesOf(3, { parallelEnabled: false }, { maxItemsPerCall: 1 })).toMatchObject({
    processingModeUsed: 'sequential',
  });
});

test('sends answers in wide batches to a provider that isolates them', async () => {
  const capabilities = { isolatesItems: true, maxItemsPerCall: 20 };
  expect(await modesOf(50, {}, capabilities)).toMatchObject({
    selectedMode: 'batch',
    processingModeUsed: 'batch',
    fallbackReason: undefined,
    sizes: [20, 20, 10],
  });
  expect(await modesOf(2, {}, capabilities)).toMatchObject({ sizes: [2] });
  expect(await modesOf(1, {}, capabilities)).toMatchObject({ selectedMode: 'sequential' });
  expect(await modesOf(3, { mode: 'parallel' }, capabilities)).toMatchObject({ sizes: [1, 1, 1] });
});

test('counts all answers for the choice of the mode, also those that a rule decides', async () => {
  const answers = [...sampleAnswers(1), ...sampleAnswers(2, () => ({ answer: '' }))];
  const provider = mockProvider();
  const { metrics } = await gradeAnswersWithFallback(answers, { provider });
  expect(metrics).toMatchObject({
    selectedMode: 'parallel',
    processingModeUsed: 'parallel',
    requests: 1,
    localCount: 2,
  });
});

test.each([
  ['parallel', gradeAnswersConcurrently, 3],
  ['batch', gradeAnswersInBatch, 1 + 3],
  ['sequential', gradeAnswersSequentially, 3],
] as const)('never leaves %s mode when it was called for by name', async (mode, grade, calls) => {
  const provider = mockProvider(new ProviderError('network', 'connection reset'));
  const { results, metrics } = await grade(sampleAnswers(3), { ...asked, provider, retry: false });
  expect(results.map((result) => result.status)).toEqual(['failed', 'failed', 'failed']);
  expect(metrics).toMatchObject({ requestedMode: mode, selectedMode: mode, processingModeUsed: mode, fallbacks: [] });
  expect(provider.calls).toHaveLength(calls);
});

test('goes on to the next provider also in a single mode', async () => {
  const first = mockProvider(new ProviderError('network', 'connection reset'), { name: 'first' });
  const second = mockProvider(1, { name: 'second' });
  const options = { ...asked, provider: [first, second], retry: false } as const;
  const { metrics } = await gradeAnswersInBatch(sampleAnswers(2), options);
  expect(sizesOf(second)).toEqual([2]);
  expect(metrics.fallbacks).toMatchObject([{ kind: 'provider', from: 'first', to: 'second', answerCount: 2 }]);
  expect(metrics.processingModeUsed).toBe('batch');
});

test('refuses batch mode by name for a provider that takes one answer per call, before any call', async () => {
  const provider = mockProvider(1, { name: 'narrow', capabilities: { maxItemsPerCall: 1 } });
  await expect(gradeAnswersInBatch(sampleAnswers(2), { provider })).rejects.toMatchObject({
    name: 'GradingOptionsError',
    field: 'provider',
    received: 'narrow',
  });
  expect(provider.calls).toHaveLength(0);
});

test('takes the modes of each provider from its own capabilities', async () => {
  const outage = new ProviderError('network', 'connection reset');
  const wide = mockProvider(outage, { name: 'wide' });
  const narrow = mockProvider(outage, { name: 'narrow', capabilities: { maxItemsPerCall: 1 } });
  const options: GradingOptions = { ...asked, provider: [wide, narrow], mode: 'batch', retry: false };
  const { metrics } = await gradeAnswersWithFallback(sampleAnswers(2), options);
  expect(metrics.fallbacks.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
    'batch -> sequential',
    'wide -> narrow',
  ]);
  expect(sizesOf(narrow)).toEqual([1, 1]);
});
