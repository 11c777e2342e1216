import { fc, test } from '@fast-check/vitest';
import {
  gradeAnswer,
  ProviderError,
  promptGrader,
  type GradingProvider,
  type ModelRequest,
  type Provider,
} from 'gradelanes';
import { faultyProvider, manualClock, mockLLM, mockProvider, type FaultName } from 'gradelanes/testing';
import { describe, expect } from 'vitest';
import { callContext, itemsOf } from '../call-context.js';

const items = itemsOf('first', 'second');
const [first, second] = items.map(({ id }) => id);
const request: ModelRequest = {
  system: '',
  prompt: '',
  schema: {},
  schemaName: 'grading',
  itemIds: ['a', 'b'],
  maxOutputTokens: 10,
};

const thrown: readonly FaultName[] = [
  'rate_limited',
  'overloaded',
  'timeout',
  'network',
  'server',
  'auth',
  'quota',
  'not_found',
  'invalid_request',
  'too_large',
];

describe('faultyProvider: faults of the call', () => {
  test.each(thrown)('%s throws a ProviderError of that code and never asks', async (fault) => {
    const inner = mockProvider();
    const call = faultyProvider(inner, [fault]).grade(items, callContext());
    await expect(call).rejects.toBeInstanceOf(ProviderError);
    await expect(call).rejects.toMatchObject({ code: fault });
    expect(inner.calls).toEqual([]);
  });

  test('rate_limited says when to come back, in the error and in the headers', async () => {
    const call = callContext();
    const provider = faultyProvider(mockProvider(), ['rate_limited', { fault: 'rate_limited', retryAfterMs: 2_000 }]);
    await expect(provider.grade(items, call)).rejects.toMatchObject({ retryAfterMs: 1_000, status: 429 });
    await expect(provider.grade(items, call)).rejects.toMatchObject({ retryAfterMs: 2_000 });
    expect(call.reports).toEqual([
      { rateLimit: { remainingRequests: 0, requestResetMs: 1_000 } },
      { rateLimit: { remainingRequests: 0, requestResetMs: 2_000 } },
    ]);
  });

  test('overloaded may say when to come back', async () => {
    const provider = faultyProvider(mockProvider(), ['overloaded', { fault: 'overloaded', retryAfterMs: 9 }]);
    await expect(provider.grade(items, callContext())).rejects.toMatchObject({ retryAfterMs: undefined, status: 529 });
    await expect(provider.grade(items, callContext())).rejects.toMatchObject({ retryAfterMs: 9 });
  });

  test('hang ends when the signal aborts', async () => {
    const controller = new AbortController();
    const call = faultyProvider(mockProvider(), ['hang']).grade(items, callContext({ signal: controller.signal }));
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  test('ignores_abort goes on after the abort, for ever or for its delay', async () => {
    const clock = manualClock();
    const provider = faultyProvider(mockProvider(), ['ignores_abort', { fault: 'ignores_abort', delayMs: 500 }], {
      clock,
    });
    const call = callContext({ signal: AbortSignal.abort() });
    let isSettled = false;
    void provider.grade(items, call).finally(() => {
      isSettled = true;
    });
    const late = provider.grade(items, call);
    expect(await clock.runUntil(late)).toHaveLength(2);
    expect([clock.now(), isSettled]).toEqual([500, false]);
  });

  test('slow is late by its delay, 5 s unless told otherwise, and can be aborted', async () => {
    const clock = manualClock();
    const provider = faultyProvider(mockProvider(), ['slow', { fault: 'slow', delayMs: 70 }, 'slow'], { clock });
    await clock.runUntil(provider.grade(items, callContext()));
    expect(clock.now()).toBe(5_000);
    await clock.runUntil(provider.grade(items, callContext()));
    expect(clock.now()).toBe(5_070);
    const controller = new AbortController();
    const call = provider.grade(items, callContext({ signal: controller.signal }));
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });

  test('throws_null throws null', async () => {
    await expect(faultyProvider(mockProvider(), ['throws_null']).grade(items, callContext())).rejects.toBeNull();
  });

  test('settles_twice ends as it did first', async () => {
    expect(await faultyProvider(mockProvider(), ['settles_twice']).grade(items, callContext())).toHaveLength(2);
  });
});

const damagedVerdicts = (fault: FaultName): Promise<unknown> =>
  faultyProvider(mockProvider(1), [fault]).grade(items, callContext());

describe('faultyProvider: damaged verdicts', () => {
  test('each fault damages what it says', async () => {
    expect(await damagedVerdicts('wrong_id')).toEqual([
      { id: `${first}-of-another-call`, score: 1 },
      { id: second, score: 1 },
    ]);
    expect(await damagedVerdicts('missing_id')).toEqual([{ id: second, score: 1 }]);
    expect(await damagedVerdicts('duplicate_id')).toMatchObject([{ id: first }, { id: first }, { id: second }]);
    expect(await damagedVerdicts('out_of_range')).toMatchObject([
      { id: first, score: 7 },
      { id: second, score: 1 },
    ]);
    expect(await damagedVerdicts('refused')).toMatchObject([{ refused: 'injected fault: refused' }, { id: second }]);
    expect(await damagedVerdicts('malformed')).toMatchObject([
      { malformed: 'injected fault: malformed' },
      { id: second },
    ]);
    await expect(damagedVerdicts('truncated')).rejects.toMatchObject({ code: 'truncated' });
  });

  test('no verdicts stay no verdicts', async () => {
    expect(await faultyProvider(mockProvider(), ['wrong_id']).grade([], callContext())).toEqual([]);
  });
});

const damagedReply = (fault: FaultName, model = mockLLM(1)): Promise<unknown> =>
  faultyProvider(model, [fault]).generate(request, callContext());

const entriesOf = async (fault: FaultName): Promise<unknown> => {
  const reply = await damagedReply(fault);
  // Replies of a mock are JSON.
  return (JSON.parse((reply as { text: string }).text) as { results: unknown }).results;
};

describe('faultyProvider: damaged replies', () => {
  test('each fault damages what it says', async () => {
    expect(await entriesOf('wrong_id')).toMatchObject([{ key: 'a-of-another-call' }, { key: 'b' }]);
    expect(await entriesOf('missing_id')).toMatchObject([{ key: 'b' }]);
    expect(await entriesOf('duplicate_id')).toMatchObject([{ key: 'a' }, { key: 'a' }, { key: 'b' }]);
    expect(await entriesOf('out_of_range')).toMatchObject([
      { key: 'a', levels: [99] },
      { key: 'b', levels: [5] },
    ]);
    expect(await damagedReply('refused')).toEqual({ text: '', stop: 'refusal' });
    expect(await damagedReply('malformed')).toEqual({ text: 'I would give this answer full marks, 5 out of 5.' });
    expect(await damagedReply('truncated', mockLLM('0123456789'))).toEqual({ text: '01234', stop: 'length' });
  });

  test.each(['not JSON', '[]', '{"results":[]}', '{"results":"many"}'])('%j is replaced by prose', async (text) => {
    expect(await damagedReply('wrong_id', mockLLM(text))).toMatchObject({
      text: expect.stringContaining('full marks') as string,
    });
  });

  test.each(['wrong_id', 'missing_id', 'duplicate_id', 'out_of_range', 'malformed', 'truncated', 'refused'] as const)(
    'behind the prompt, %s never gives the first answer a grade',
    async (fault) => {
      const grader = promptGrader(faultyProvider(mockLLM(1), [fault]));
      const verdicts = await grader.grade(items, callContext()).catch((error: ProviderError) => {
        return [{ id: 'none', refused: error.code }];
      });
      const grades = verdicts.filter((verdict) => verdict.id === first && 'score' in verdict);
      expect(grades.length).not.toBe(1);
    },
  );
});

/** What becomes of thirty calls. */
const outcomes = (provider: GradingProvider): Promise<unknown[]> =>
  Promise.allSettled(Array.from({ length: 30 }, async () => provider.grade(items, callContext())));

describe('faultyProvider: as a wrapper', () => {
  test('keeps name, fingerprint, capabilities and level', () => {
    const inner = { ...mockProvider(1, { name: 'm', capabilities: { maxItemsPerCall: 2 } }), fingerprint: 'f' };
    const provider = faultyProvider(inner, []);
    expect(provider).toMatchObject({ name: 'm', fingerprint: 'f', capabilities: { maxItemsPerCall: 2 } });
    expect('grade' in provider && !('generate' in provider)).toBe(true);
    const model: Provider = mockLLM();
    expect('generate' in faultyProvider(model, [])).toBe(true);
  });

  test('keeps what a mock remembers, in type and value', async () => {
    const provider = faultyProvider(mockProvider(), ['ok', 'network']);
    await provider.grade(items, callContext());
    expect([provider.calls.length, provider.peakInFlight, provider.answersSeen]).toEqual([1, 1, ['first', 'second']]);
  });

  test("lets the run's instructions and feedback options through to a prompt grader", async () => {
    const model = mockLLM();
    const provider = faultyProvider(promptGrader(model), []);
    const options = { instructions: 'Be strict about units.', feedback: { language: 'Esperanto' } };
    await gradeAnswer({ question: { prompt: 'Why?' }, answer: 'less dense' }, { provider, ...options });
    expect(model.calls[0]?.request.system).toContain('Be strict about units.');
    expect(model.calls[0]?.request.system).toContain('Esperanto');
    expect(provider.injected).toEqual(['ok']);
  });

  test('refuses a plan it cannot follow', () => {
    expect(() => faultyProvider(mockProvider(), { faults: { hang: 2 } })).toThrow(RangeError);
  });

  test('what it injected is written as names, where there are no settings', async () => {
    const plan = { faults: { network: 1 } };
    const provider = faultyProvider(mockProvider(), plan);
    const slower = faultyProvider(mockProvider(), { ...plan, retryAfterMs: 5 });
    const calm = faultyProvider(mockProvider(), []);
    for (const each of [provider, slower, calm]) await each.grade(items, callContext()).catch(() => {});
    expect([provider, slower, calm].flatMap(({ injected }) => injected)).toEqual([
      'network',
      { fault: 'network', retryAfterMs: 5 },
      'ok',
    ]);
  });

  test.prop([fc.integer()])('what it injected is itself a plan that repeats the same faults', async (seed) => {
    const faults: readonly FaultName[] = ['rate_limited', 'wrong_id', 'refused', 'throws_null', 'truncated'];
    const random = faultyProvider(mockProvider(), { seed, rate: 0.5, faults });
    const before = await outcomes(random);
    expect(random.injected).toHaveLength(30);
    const scripted = faultyProvider(mockProvider(), random.injected);
    expect(await outcomes(scripted)).toEqual(before);
    expect(scripted.injected).toEqual(random.injected);
    expect(JSON.parse(JSON.stringify(random.injected))).toEqual(JSON.parse(JSON.stringify(scripted.injected)));
  });
});
