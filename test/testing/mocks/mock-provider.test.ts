import { fc, test } from '@fast-check/vitest';
import {
  gradeAnswer,
  gradeAnswersStream,
  gradeAnswersWithFallback,
  ProviderError,
  type AnswerToGrade,
} from 'gradelanes';
import { faultyProvider, manualClock, mockProvider, type MockProvider } from 'gradelanes/testing';
import { describe, expect } from 'vitest';
import { callContext, itemOf, itemsOf } from '../call-context.js';

const scoresOf = async (provider: ReturnType<typeof mockProvider>, ...answers: string[]): Promise<unknown[]> => {
  const verdicts = await provider.grade(itemsOf(...answers), callContext());
  return verdicts.map((verdict) => ('score' in verdict ? verdict.score : verdict));
};

function* sync(): Generator<number> {
  yield 0.1;
  yield 0.2;
}

async function* async(): AsyncGenerator<number> {
  yield 0.3;
  yield 0.4;
}

describe('mockProvider: scripts', () => {
  test('gives full marks when told nothing', async () => {
    expect(await scoresOf(mockProvider(), 'a', 'b')).toEqual([1, 1]);
  });

  test('one value is for every answer', async () => {
    expect(await scoresOf(mockProvider(0.4), 'a', 'b')).toEqual([0.4, 0.4]);
    expect(await scoresOf(mockProvider(true), 'a')).toEqual([1]);
    expect(await scoresOf(mockProvider(false), 'a')).toEqual([0]);
  });

  test('a verdict gets the id of its item', async () => {
    const [item] = itemsOf('a');
    const verdict = { criteria: [{ id: 'c1', score: 0.5 }], feedback: 'Nearly.' };
    expect(await mockProvider(verdict).grade(itemsOf('a'), callContext())).toEqual([{ id: item?.id, ...verdict }]);
    expect(await mockProvider({ refused: true }).grade(itemsOf('a'), callContext())).toEqual([
      { id: item?.id, refused: true },
    ]);
  });

  test('a list is used up answer by answer, over calls', async () => {
    const provider = mockProvider([1, 0.5, false]);
    expect(await scoresOf(provider, 'a', 'b')).toEqual([1, 0.5]);
    expect(await scoresOf(provider, 'c')).toEqual([0]);
  });

  test('calls at the same time take from a list in the order they start', async () => {
    const clock = manualClock();
    const provider = mockProvider([0.1, 0.2, 0.3], { clock, delayMs: ([item]) => 100 / (item?.answer.length ?? 1) });
    const calls = ['a', 'bb', 'ccc'].map((answer) => scoresOf(provider, answer));
    await clock.runAll();
    expect(await Promise.all(calls)).toEqual([[0.1], [0.2], [0.3]]);
  });

  test('an error in a list fails its call and leaves the rest to the next call', async () => {
    const provider = mockProvider([1, new ProviderError('network', 'reset'), 0.5, 0.25]);
    await expect(scoresOf(provider, 'a', 'b', 'c')).rejects.toThrow('reset');
    expect(await scoresOf(provider, 'a', 'b')).toEqual([0.5, 0.25]);
  });

  test('one error fails every call', async () => {
    const provider = mockProvider(new ProviderError('auth', 'wrong key'));
    await expect(scoresOf(provider, 'a')).rejects.toMatchObject({ code: 'auth' });
    await expect(scoresOf(provider, 'a')).rejects.toMatchObject({ code: 'auth' });
  });

  test('a function is asked for every answer and sees the call', async () => {
    const provider = mockProvider(({ answer }, { attempt }) => answer.length / 8 + attempt / 16);
    expect(await scoresOf(provider, 'ab', 'abcd')).toEqual([0.3125, 0.5625]);
  });

  test('a function may be asynchronous, return an error or throw', async () => {
    expect(
      await scoresOf(
        mockProvider(async () => 0.5),
        'a',
      ),
    ).toEqual([0.5]);
    await expect(
      scoresOf(
        mockProvider(() => new Error('returned')),
        'a',
        'b',
      ),
    ).rejects.toThrow('returned');
    await expect(
      scoresOf(
        mockProvider(async () => new Error('late')),
        'a',
        'b',
      ),
    ).rejects.toThrow('late');
    const throwing = mockProvider(() => {
      throw new Error('thrown');
    });
    await expect(scoresOf(throwing, 'a', 'b')).rejects.toThrow('thrown');
  });

  test('generators and generator functions are read like lists, also asynchronous ones', async () => {
    expect(await scoresOf(mockProvider(sync()), 'a', 'b')).toEqual([0.1, 0.2]);
    expect(await scoresOf(mockProvider(sync), 'a', 'b')).toEqual([0.1, 0.2]);
    expect(await scoresOf(mockProvider(async()), 'a', 'b')).toEqual([0.3, 0.4]);
    expect(await scoresOf(mockProvider(async), 'a', 'b')).toEqual([0.3, 0.4]);
  });

  test('byQuestion finds scripts by id, then by prompt, then otherwise', async () => {
    const provider = mockProvider({ byQuestion: { q1: [0.1, 0.2], 'Question 2?': 0.5 }, otherwise: 0 });
    expect(await scoresOf(provider, 'a', 'b', 'c')).toEqual([0.1, 0.5, 0]);
    expect(await scoresOf(provider, 'a', 'b', 'c')).toEqual([0.2, 0.5, 0]);
  });

  test('byQuestion names the question it has nothing for, and those it knows', async () => {
    await expect(scoresOf(mockProvider({ byQuestion: { q7: 1, q8: 0 } }), 'a')).rejects.toThrow(
      'the script has nothing for question "q1", only for "q7", "q8": add otherwise',
    );
  });
});

describe('mockProvider: a script that runs out', () => {
  test('says how many values there were and which question found none', async () => {
    const provider = mockProvider([1, 0]);
    const error = await scoresOf(provider, 'a', 'b', 'c').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_request', retryable: false });
    expect(String(error)).toContain('the script gave its 2 value(s) and has none for question "q3"');
  });

  test('names a question without id by its prompt', async () => {
    const call = mockProvider([]).grade([itemOf({ prompt: 'Why does ice float?' }, 'a')], callContext());
    await expect(call).rejects.toThrow('question "Why does ice float?"');
  });

  test('goes on with the last value if told to', async () => {
    const provider = mockProvider([1, 0.5], { repeatLast: true });
    expect(await scoresOf(provider, 'a', 'b', 'c', 'd')).toEqual([1, 0.5, 0.5, 0.5]);
  });

  test('cannot go on with the last value of an empty list', async () => {
    await expect(scoresOf(mockProvider([], { repeatLast: true }), 'a')).rejects.toThrow('gave its 0 value(s)');
  });

  test('a function that returns nothing is an error that says so', async () => {
    // JavaScript callers forget to return.
    const forgetful = (() => undefined) as unknown as () => number;
    await expect(scoresOf(mockProvider(forgetful), 'a')).rejects.toThrow('returned nothing for question "q1"');
  });

  test.prop([
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 3 })),
  ])('no value is given twice and none is lost, however calls are cut', async (values, sizes) => {
    const provider = mockProvider(values);
    const given: unknown[] = [];
    for (const size of sizes) {
      if (given.length + size > values.length) break;
      given.push(...(await scoresOf(provider, ...Array.from({ length: size }, () => 'a'))));
    }
    expect(given).toEqual(values.slice(0, given.length));
  });
});

describe('mockProvider: time and record', () => {
  test('records what every call carried, and when', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { clock, delayMs: 250 });
    const { signal } = new AbortController();
    await clock.advance(50);
    const items = itemsOf('a', 'b');
    const call = provider.grade(items, callContext({ signal, attempt: 2, callId: 'c7', correction: 'no JSON' }));
    expect(provider.calls[0]?.endedAt).toBeUndefined();
    await clock.runUntil(call);
    expect(provider.calls).toEqual([
      { items, attempt: 2, callId: 'c7', signal, correction: 'no JSON', startedAt: 50, endedAt: 300 },
    ]);
    expect(provider.answersSeen).toEqual(['a', 'b']);
  });

  test('knows how many calls were in flight at most', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { clock, delayMs: 10 });
    const first = [scoresOf(provider, 'a'), scoresOf(provider, 'b')];
    await clock.runAll();
    await Promise.all(first);
    await clock.runUntil(scoresOf(provider, 'c'));
    expect(provider.peakInFlight).toBe(2);
  });

  test('an abort cuts the delay short and leaves no timer', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { clock, delayMs: 60_000 });
    const controller = new AbortController();
    const call = provider.grade(itemsOf('a'), callContext({ signal: controller.signal }));
    controller.abort(new Error('stop'));
    await expect(call).rejects.toThrow('stop');
    expect([clock.pendingTimers, clock.now(), provider.calls[0]?.endedAt]).toEqual([0, 0, 0]);
  });

  test('an abort cuts a script short that never answers', async () => {
    const provider = mockProvider(() => new Promise<number>(() => {}));
    const controller = new AbortController();
    const call = provider.grade(itemsOf('a'), callContext({ signal: controller.signal }));
    controller.abort(new Error('stop'));
    await expect(call).rejects.toThrow('stop');
  });

  test('a call whose signal has aborted uses nothing of the script', async () => {
    const provider = mockProvider([0.5]);
    const aborted = provider.grade(itemsOf('a'), callContext({ signal: AbortSignal.abort(new Error('early')) }));
    await expect(aborted).rejects.toThrow('early');
    expect(await scoresOf(provider, 'a')).toEqual([0.5]);
  });

  test('a script that fails during the delay fails the call after it, and is handled if the call was aborted', async () => {
    const clock = manualClock();
    const provider = mockProvider(() => Promise.reject(new Error('failed')), { clock, delayMs: 100 });
    await expect(clock.runUntil(scoresOf(provider, 'a'))).rejects.toThrow('failed');
    expect(clock.now()).toBe(100);
    const controller = new AbortController();
    const aborted = provider.grade(itemsOf('a'), callContext({ signal: controller.signal }));
    controller.abort(new Error('stop'));
    await expect(aborted).rejects.toThrow('stop');
  });

  test('waits on real time without a clock', async () => {
    const provider = mockProvider(1, { delayMs: 5 });
    await scoresOf(provider, 'a');
    const [call] = provider.calls;
    expect((call?.endedAt ?? 0) - (call?.startedAt ?? 0)).toBeGreaterThanOrEqual(4);
  });

  test('has the name and capabilities it was given', () => {
    expect(mockProvider().name).toBe('mock');
    expect(mockProvider(1, { name: 'second', capabilities: { maxItemsPerCall: 1 } })).toMatchObject({
      name: 'second',
      capabilities: { maxItemsPerCall: 1 },
    });
  });
});

describe('mockProvider in a run', () => {
  const freeText = { id: 'free', prompt: 'Why does ice float?' };
  const statement = { id: 'rule', kind: 'true_false', prompt: 'Ice floats on water.', correctAnswer: true } as const;

  test('notAsked names what was decided without it', async () => {
    const provider = mockProvider(0.8);
    const answers = [
      { question: freeText, answer: 'less dense' },
      { question: statement, answer: 'true' },
    ];
    const report = await gradeAnswersWithFallback(answers, { provider });
    expect(provider.notAsked(report).map(({ questionId }) => questionId)).toEqual(['rule']);
    expect(provider.answersSeen).toEqual(['less dense']);
  });

  test('notAsked goes by call, not by name: another mock of the chain may have the same', async () => {
    const broken = mockProvider(new ProviderError('auth', 'the key was revoked'));
    const spare = mockProvider(1);
    const answers = ['less dense', 'air in it'].map((answer) => ({ question: freeText, answer }));
    const report = await gradeAnswersWithFallback(answers, { provider: [broken, spare] });
    expect(broken.notAsked(report)).toHaveLength(2);
    expect(spare.notAsked(report)).toEqual([]);
  });

  test('notAsked counts failures without a call, but no failure after one', async () => {
    const provider = mockProvider(new ProviderError('refused', 'no'));
    const answers = ['less dense', 'air in it'].map((answer) => ({ question: freeText, answer }));
    expect(provider.notAsked(await gradeAnswersWithFallback(answers, { provider }))).toEqual([]);
    const tooLate = await gradeAnswersWithFallback(answers, { provider: mockProvider(1), budget: { maxRequests: 0 } });
    expect(mockProvider(1).notAsked(tooLate)).toHaveLength(2);
  });

  test('calls tell mode, priority and positions', async () => {
    const provider = mockProvider(1);
    const answers = ['less dense', 'air in it'].map((answer) => ({ question: freeText, answer }));
    await gradeAnswersWithFallback(answers, { provider, mode: 'batch', priority: 'background' });
    expect(provider.calls[0]?.origin).toEqual({ mode: 'batch', priority: 'background', indices: [0, 1] });
  });
});

describe('mockProvider that was misused', () => {
  const answersTo = (...ids: string[]) =>
    ids.map((id) => ({ question: { id, prompt: `Why ${id}?` }, answer: `because of ${id}` }));

  test('a list that ran out shows in problems and fails verify, whatever a chain makes of it', async () => {
    const provider = mockProvider([1]);
    const chain = [provider, mockProvider(1, { name: 'spare' })] as const;
    const { metrics } = await gradeAnswersWithFallback(answersTo('a', 'b', 'c'), { provider: chain, guards: false });
    expect(metrics.gradedCount).toBe(3);
    expect(provider.problems.length).toBeGreaterThan(0);
    expect(() => provider.verify()).toThrow(/mock was misused:\n- the script gave its 1 value\(s\)/);
  });

  test.each([
    ['values left over', mockProvider([1, 1, 1]), ['a'], /2 value\(s\) of the script were not asked for/],
    [
      'a typo in byQuestion, also beside otherwise',
      mockProvider({ byQuestion: { a: 1, bb: 0 }, otherwise: 1 }),
      ['a', 'b'],
      /byQuestion has "bb", which nobody asked about: asked were "a", "b"/,
    ],
    [
      'values left over per question',
      mockProvider({ byQuestion: { a: [1, 0] } }),
      ['a'],
      /1 value.* of byQuestion "a"/,
    ],
    ['an unknown question', mockProvider({ byQuestion: { a: 1 } }), ['a', 'b'], /nothing for question "b"/],
  ])('verify names %s', async (_, provider, ids, problem) => {
    await gradeAnswersWithFallback(answersTo(...ids), { provider });
    expect(() => provider.verify()).toThrow(problem);
  });

  test('verify passes when all was used as meant', async () => {
    const provider = mockProvider({ byQuestion: { a: [1], b: 0 }, otherwise: 1 });
    await gradeAnswersWithFallback(answersTo('a', 'b', 'b', 'c'), { provider });
    expect(() => provider.verify()).not.toThrow();
  });

  test("shows the stack of a mistake in the test's own script, async or not", async () => {
    const broken = (): number => (undefined as unknown as { score: number }).score;
    for (const script of [() => broken(), async () => broken()]) {
      const provider = mockProvider(script);
      const result = await gradeAnswer(answersTo('a')[0] as AnswerToGrade, { provider });
      expect(result).toMatchObject({ status: 'failed', error: { code: 'invalid_request' } });
      expect(provider.problems[0]).toMatch(/the script threw TypeError: [^]*mock-provider\.test\.ts/);
    }
  });

  test('leaves errors that a script means to throw alone', async () => {
    const provider = mockProvider(() => {
      throw new Error('the vendor had a bad day');
    });
    await gradeAnswer(answersTo('a')[0] as AnswerToGrade, { provider });
    expect(provider.problems).toEqual([]);
  });

  test('rejects the run with rejectRun, also within a chain, a stream and a fault', async () => {
    const provider = (): MockProvider => mockProvider([1], { rejectRun: true });
    const answers = answersTo('a', 'b');
    const expected = /the script gave its 1 value/;
    await expect(gradeAnswersWithFallback(answers, { provider: provider() })).rejects.toThrow(expected);
    const chain = [faultyProvider(provider(), []), mockProvider(1, { name: 'spare' })] as const;
    await expect(gradeAnswersWithFallback(answers, { provider: chain })).rejects.toThrow(expected);
    const stream = async (): Promise<void> => {
      for await (const _ of gradeAnswersStream(answers, { provider: provider() }));
    };
    await expect(stream()).rejects.toThrow(expected);
  });

  test('fails the block that uses it', async () => {
    const block = async (): Promise<void> => {
      await using provider = mockProvider([1, 1]);
      await gradeAnswersWithFallback(answersTo('a'), { provider });
    };
    await expect(block()).rejects.toThrow('1 value(s) of the script were not asked for');
  });
});
