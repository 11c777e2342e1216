import { fc, test } from '@fast-check/vitest';
import { promptGrader, type ModelRequest, type Question } from 'gradelanes';
import { manualClock, mockLLM } from 'gradelanes/testing';
import { describe, expect } from 'vitest';
import { callContext, itemOf, itemsOf } from '../call-context.js';

const request: ModelRequest = {
  system: 'Question: "Why?"',
  prompt: '<answer key="a1">"x"</answer>',
  schema: {},
  schemaName: 'grading',
  itemIds: ['a1'],
  maxOutputTokens: 100,
};

const reply = (model: ReturnType<typeof mockLLM>): Promise<unknown> => model.generate(request, callContext());

async function* script(): AsyncGenerator<string | number> {
  yield 'first';
  yield 1;
}

const scoreOf = async (score: number | boolean): Promise<unknown> => {
  const [verdict] = await promptGrader(mockLLM(score)).grade(itemsOf('a'), callContext());
  return verdict !== undefined && 'score' in verdict ? verdict.score : verdict;
};

describe('mockLLM: scripts', () => {
  test('text and replies are handed on as they are, a text being one value', async () => {
    expect(await reply(mockLLM('plain text'))).toBe('plain text');
    expect(await reply(mockLLM({ text: 'cut', stop: 'length' }))).toEqual({ text: 'cut', stop: 'length' });
  });

  test('a list has one value per call', async () => {
    const model = mockLLM(['one', { text: 'two' }]);
    expect([await reply(model), await reply(model)]).toEqual(['one', { text: 'two' }]);
    await expect(reply(model)).rejects.toThrow('the script gave its 2 value(s) and has none for a call with 1 item(s)');
  });

  test('repeatLast goes on with the last value', async () => {
    const model = mockLLM(['one', 'two'], { repeatLast: true });
    expect([await reply(model), await reply(model), await reply(model)]).toEqual(['one', 'two', 'two']);
  });

  test('functions see the request and the call', async () => {
    const model = mockLLM(({ itemIds }, { attempt }) => `${itemIds.join()} ${attempt}`);
    expect(await reply(model)).toBe('a1 1');
  });

  test('errors are thrown, also returned and asynchronous ones', async () => {
    await expect(reply(mockLLM(new Error('down')))).rejects.toThrow('down');
    await expect(reply(mockLLM(async () => new Error('late')))).rejects.toThrow('late');
  });

  test('a function that returns nothing is an error that says so', async () => {
    // JavaScript callers forget to return.
    const forgetful = (() => undefined) as unknown as () => string;
    await expect(reply(mockLLM(forgetful))).rejects.toThrow('returned nothing');
  });

  test('generators are read like lists', async () => {
    const model = mockLLM(script);
    expect(await reply(model)).toBe('first');
    expect(await reply(model)).toMatchObject({ text: expect.stringContaining('"levels":[5]') as string });
  });
});

describe('mockLLM: scores as well-formed replies', () => {
  test.prop([fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 4 })])(
    'every item of a call gets the score',
    async (level, count) => {
      const items = itemsOf(...Array.from({ length: count }, (_, index) => `answer ${index}`));
      const verdicts = await promptGrader(mockLLM(level / 5)).grade(items, callContext());
      expect(verdicts.map((verdict) => ('score' in verdict ? [verdict.id, verdict.score] : verdict))).toEqual(
        items.map(({ id }) => [id, level / 5]),
      );
    },
  );

  test('true is full marks, false none, and others are rounded to fifths', async () => {
    expect([await scoreOf(true), await scoreOf(false), await scoreOf(0.47)]).toEqual([1, 0, 0.4]);
  });

  test('criteria all get the score, and faults none, question by question', async () => {
    const rubric: Question = {
      prompt: 'Why does ice float?',
      rubric: {
        criteria: [
          { id: 'a', description: 'less dense' },
          { id: 'b', description: 'expands', points: 2 },
          { id: 'c', description: 'says it is magic', points: -1 },
        ],
      },
    };
    const items = [itemOf({ prompt: 'Other?' }, 'x', 'k1'), itemOf(rubric, 'y', 'k2')];
    expect(await promptGrader(mockLLM(1)).grade(items, callContext())).toMatchObject([
      { id: 'k1', score: 1 },
      {
        id: 'k2',
        criteria: [
          { id: 'a', score: 1 },
          { id: 'b', score: 1 },
          { id: 'c', score: 0 },
        ],
      },
    ]);
  });
});

describe('mockLLM: time and record', () => {
  test('records requests and times', async () => {
    const clock = manualClock();
    const model = mockLLM(1, { clock, delayMs: ({ itemIds }) => itemIds.length * 100, name: 'm' });
    const call = callContext({ attempt: 3, callId: 'c1' });
    await clock.runUntil(Promise.all([model.generate(request, call), model.generate(request, call)]));
    expect(model.calls[0]).toMatchObject({ request, attempt: 3, callId: 'c1', startedAt: 0, endedAt: 100 });
    expect([model.name, model.peakInFlight]).toEqual(['m', 2]);
  });

  test('an abort cuts the delay short', async () => {
    const clock = manualClock();
    const controller = new AbortController();
    const model = mockLLM(1, { clock, delayMs: 1_000 });
    const call = model.generate(request, callContext({ signal: controller.signal }));
    controller.abort(new Error('stop'));
    await expect(call).rejects.toThrow('stop');
    expect(clock.pendingTimers).toBe(0);
  });
});
