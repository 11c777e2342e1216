import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { CallContext, Question, Verdict } from 'gradelanes';
import { isGradingOptionsError } from 'gradelanes';
import { offlineProvider, type OfflineProviderOptions } from 'gradelanes/offline';
import { providerContract } from 'gradelanes/testing';

const reference = 'Ice is less dense than liquid water.';
const question: Question = { prompt: 'Why does ice float?', referenceAnswers: [reference] };

function callWith(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, attempt: 1, callId: 'call', report: () => undefined };
}

function grade(
  asked: Question,
  answers: readonly string[],
  options?: OfflineProviderOptions,
): Promise<readonly Verdict[]> {
  const items = answers.map((answer, index) => ({ id: `item-${index}`, question: asked, answer }));
  return offlineProvider(options).grade(items, callWith());
}

function scoreOf(verdict: Verdict | undefined): number {
  if (verdict === undefined || !('score' in verdict)) throw new Error(`no score in ${JSON.stringify(verdict)}`);
  return verdict.score;
}

describe('offlineProvider', () => {
  describe('keeps the contract of providers', () => {
    for (const promise of providerContract(() => offlineProvider())) test(promise.name, () => promise.run());
  });

  test('says what it can do', () => {
    const { name, capabilities } = offlineProvider();
    expect(name).toBe('offline');
    expect(capabilities).toEqual({ local: true, feedback: true });
    expect(offlineProvider({ name: 'words' }).name).toBe('words');
  });

  test('has the same fingerprint whenever it would give the same scores', () => {
    expect(offlineProvider().fingerprint).toBe(offlineProvider({ name: 'other' }).fingerprint);
    expect(offlineProvider({ cut: 0.3 }).fingerprint).not.toBe(offlineProvider().fingerprint);
  });

  test('returns a verdict for every item, in order', async () => {
    const verdicts = await grade(question, [reference, 'no idea', 'it is less dense']);
    expect(verdicts.map(({ id }) => id)).toEqual(['item-0', 'item-1', 'item-2']);
    expect(verdicts.map(scoreOf)).toEqual([1, 0, expect.closeTo(0.65, 1)]);
  });

  test('refuses a question that it has nothing to compare with', async () => {
    expect(await grade({ prompt: 'Why?' }, ['because'])).toEqual([
      { id: 'item-0', refused: expect.stringMatching(/^the offline grader needs a reference answer/) },
    ]);
  });

  test('refuses an answer that it cannot read', async () => {
    const choice: Question = {
      kind: 'multiple_choice',
      prompt: 'Which?',
      choices: ['red', 'blue'],
      correctChoices: [0],
    };
    expect(await grade(choice, ['A'])).toEqual([{ id: 'item-0', refused: expect.stringContaining('options') }]);
  });

  test('stops when the call is aborted, with the reason of the signal', async () => {
    const reason = new Error('enough');
    const items = [{ id: 'a', question, answer: 'x' }];
    await expect(offlineProvider().grade(items, callWith(AbortSignal.abort(reason)))).rejects.toBe(reason);
  });

  test('looks at the signal between items', async () => {
    const controller = new AbortController();
    const items = ['a', 'b'].map((id) => ({
      id,
      question,
      get answer() {
        controller.abort(new Error(`after ${id}`));
        return 'x';
      },
    }));
    await expect(offlineProvider().grade(items, callWith(controller.signal))).rejects.toThrow('after a');
  });

  test('puts the cut that it is given at score 0.5', async () => {
    const answers = ['it is less dense', 'colder water', 'lighter', 'dense'];
    const similarities = (await grade(question, answers)).map((verdict) =>
      Number(/Word overlap (\S+)/.exec('rationale' in verdict ? (verdict.rationale ?? '') : '')?.[1]),
    );
    for (const cut of [0.1, 0.3, 0.6, 0.9]) {
      const passed = (await grade(question, answers, { cut })).map((verdict) => scoreOf(verdict) >= 0.5);
      expect(passed).toEqual(similarities.map((similarity) => similarity >= cut));
    }
  });

  test('holds the cut for keys whatever the cut for free text', async () => {
    const choice: Question = {
      kind: 'multiple_choice',
      prompt: 'Which?',
      choices: ['red', 'blue'],
      correctChoices: [0],
    };
    expect(await grade(choice, ['it is red'], { cut: 0.99 })).toEqual(await grade(choice, ['it is red']));
  });

  test.each([
    [{ cut: 0 }, 'cut', 'must be a number above 0 and below 1'],
    [{ cut: 1 }, 'cut', 'must be a number above 0 and below 1'],
    [{ cut: Number.NaN }, 'cut', 'must be a number above 0 and below 1'],
    [{ name: '' }, 'name', 'must be a text that is not empty'],
    [{ threshold: 0.4 }, 'threshold', 'is not an option; there are name, cut'],
  ])('refuses the options %j', (options, field, rule) => {
    expect(() => offlineProvider(options as OfflineProviderOptions)).toThrow(
      expect.toSatisfy((error) => isGradingOptionsError(error) && error.field === field && error.rule === rule),
    );
  });
});

describe('whatever a learner writes', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.lorem({ maxCount: 8 }), fc.constant(reference));

  test.prop([text])('the verdict is within its ranges, and the same every time', async (answer) => {
    const [verdict] = await grade(question, [answer]);
    expect(scoreOf(verdict)).toBeGreaterThanOrEqual(0);
    expect(scoreOf(verdict)).toBeLessThanOrEqual(1);
    expect(verdict).toMatchObject({ confidence: expect.toSatisfy((confidence: number) => confidence <= 0.9) });
    expect(await grade(question, [answer])).toEqual([verdict]);
  });

  test.prop([text, text])('the answers beside it do not matter', async (answer, neighbour) => {
    const [alone] = await grade(question, [answer]);
    const [beside] = await grade(question, [answer, neighbour]);
    expect(beside).toEqual(alone);
  });

  const words = ['evaporate', 'salt', 'membrane', 'pressure', 'not', 'the', '42', 'increases', 'valve'];
  const sentence = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 8 }).map((each) => each.join(' '));
  test.prop([sentence, sentence])('feedback gives away no word of the reference', async (secret, answer) => {
    const [verdict] = await grade({ prompt: 'Why?', referenceAnswers: [secret] }, [answer]);
    const feedback = verdict !== undefined && 'feedback' in verdict ? (verdict.feedback ?? '') : '';
    const own = new Set([...answer.split(' '), ...'your the not it of to be'.split(' ')]);
    const leaked = secret.split(' ').filter((word) => !own.has(word) && new RegExp(`\\b${word}\\b`).test(feedback));
    expect(leaked.filter((word) => !/^\d+$/.test(word))).toEqual([]);
  });

  test.prop([fc.array(fc.constantFrom('ice', 'float', 'why', 'does'), { minLength: 1, maxLength: 9 })])(
    'words of the question alone do not pass',
    async (echo) => {
      const [verdict] = await grade({ ...question, referenceAnswers: ['Ice floats'] }, [echo.join(' ')]);
      expect(scoreOf(verdict)).toBeLessThan(0.5);
    },
  );

  test('a megabyte of it takes linear time', async () => {
    const answers = [
      'a'.repeat(1e6),
      '1,'.repeat(5e5),
      'water less dense '.repeat(6e4),
      `a${'\u0301\u0316'.repeat(5e5)}`,
    ];
    const startedAt = performance.now();
    await grade(question, answers);
    // Tens of milliseconds each; quadratic time would be minutes.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
