import { fc, test } from '@fast-check/vitest';
import {
  ProviderError,
  gradeAnswer,
  gradeAnswersWithFallback,
  type AnswerToGrade,
  type ModelRequest,
} from 'gradelanes';
import {
  manualClock,
  memoryCassette,
  mockLLM,
  mockProvider,
  recordProvider,
  seededRandom,
  type CassetteStore,
} from 'gradelanes/testing';
import { describe, expect, vi } from 'vitest';
import type { Cassette } from '../../../src/testing/cassettes/cassette-file.js';
import { callContext, itemOf, itemsOf } from '../call-context.js';

const question = { id: 'q1', prompt: 'Why does ice float?' };
const answers: readonly AnswerToGrade[] = ['less dense', 'air in it', 'it is cold'].map((answer, index) => ({
  id: `answer-${index}`,
  learnerId: `learner-${index}`,
  question,
  answer,
}));

const cassetteIn = (store: { read(): string | undefined }): Cassette => {
  // What recordProvider wrote.
  return JSON.parse(store.read() ?? 'null') as Cassette;
};
const request = (overrides: Partial<ModelRequest> = {}): ModelRequest => ({
  system: 'Mark this.\n\nQuestion: "Why?"',
  prompt: '<answer key="k7q2x1">"because"</answer>',
  schema: { type: 'object' },
  schemaName: 'grading',
  itemIds: ['k7q2x1'],
  maxOutputTokens: 100,
  ...overrides,
});

const redact = (text: string): string => text.replaceAll(/Ada|Bob/g, 'a learner');
const ask = (name: string): ModelRequest => request({ prompt: `${name} says it is lighter` });

describe('recordProvider: record and replay', () => {
  test('what was recorded is replayed without asking, although the random keys differ', async () => {
    const store = memoryCassette();
    const model = mockLLM(({ prompt }) => (prompt.includes('dense') ? 1 : 0.2));
    const recorded = await gradeAnswersWithFallback(answers, {
      provider: recordProvider(model, store),
      random: seededRandom(1),
    });
    const unused = mockLLM(new Error('asked'));
    const replaying = recordProvider(unused, store, { mode: 'strict' });
    const replayed = await gradeAnswersWithFallback(answers, { provider: replaying, random: seededRandom(2) });
    expect(replayed.results.map(({ status }) => status)).toEqual(['graded', 'graded', 'graded']);
    const scoresOf = ({ results }: typeof recorded): unknown[] =>
      results.map((result) => (result.status === 'graded' ? result.scaledScore : result.error));
    expect(scoresOf(replayed)).toEqual(scoresOf(recorded));
    expect(unused.calls).toEqual([]);
    expect(replaying.staleEntries()).toEqual([]);
    expect(replaying.mismatches).toEqual([]);
  });

  test('the file reads well and holds no random key, no secret and no learner', async () => {
    const store = memoryCassette();
    const model = mockLLM('{"results":[{"key":"k7q2x1","levels":[5]}]}', { name: 'openai' });
    const provider = recordProvider(model, store, { model: 'gpt with sk-proj-abcdefghijklmnop1234' });
    const call = callContext();
    await provider.generate(request({ system: 'Mark this.\nKey: sk-proj-abcdefghijklmnop1234' }), call);
    expect(store.read()).toMatchInlineSnapshot(`
      "{
       "gradelanesCassette": 2,
       "level": "model",
       "model": "gpt with <secret>",
       "name": "openai",
       "shared": {
        "system 45f2f425": [
         "Mark this.",
         "Key: <secret>"
        ],
        "schema 9abfc9b4": {
         "type": "object"
        }
       },
       "entries": [
        {
         "request": {
          "model": "gpt with <secret>",
          "system": {
           "shared": "system 45f2f425"
          },
          "prompt": "<answer key=\\"<key 1>\\">\\"because\\"</answer>",
          "schemaName": "grading",
          "schema": {
           "shared": "schema 9abfc9b4"
          }
         },
         "reply": {
          "json": {
           "results": [
            {
             "key": "<key 1>",
             "levels": [
              5
             ]
            }
           ]
          }
         },
         "report": {}
        }
       ]
      }
      "
    `);
  });

  test('verdicts are recorded with the question and the answer, and nothing else of them', async () => {
    const store = memoryCassette();
    // A row of a database that carries more than a question.
    const row = { ...question, authorEmail: 'ada@example.org', rubric: undefined };
    const items = [{ ...itemOf(row, 'two\nlines', 'k1abcd'), context: 'The card.' }];
    const recorded = await recordProvider(mockProvider({ score: 0.5, feedback: 'See k1abcd.' }), store).grade(
      items,
      callContext({ correction: 'no score' }),
    );
    expect(recorded).toEqual([{ id: 'k1abcd', score: 0.5, feedback: 'See k1abcd.' }]);
    expect(cassetteIn(store)).toEqual({
      gradelanesCassette: 2,
      level: 'verdict',
      model: 'mock',
      name: 'mock',
      shared: { 'question d893cda2': { prompt: 'Why does ice float?' } },
      entries: [
        {
          request: {
            model: 'mock',
            items: [
              {
                id: '<key 1>',
                question: { shared: 'question d893cda2' },
                answer: ['two', 'lines'],
                context: 'The card.',
              },
            ],
            correction: 'no score',
          },
          reply: [{ feedback: 'See <key 1>.', id: '<key 1>', score: 0.5 }],
          report: {},
        },
      ],
    });
    const strict = recordProvider(mockProvider(), store, { mode: 'strict' });
    const renamed = items.map((item) => ({ ...item, id: 'k2efgh' }));
    expect(await strict.grade(renamed, callContext({ correction: 'no score' }))).toEqual([
      { id: 'k2efgh', score: 0.5, feedback: 'See k2efgh.' },
    ]);
  });

  test.prop([fc.oneof(fc.json(), fc.string(), fc.constant('{"a": 1}'), fc.constant('one\ntwo\r\n'))])(
    'any text comes back as it was',
    async (text) => {
      fc.pre(!text.includes('k7q2x1') && !text.includes('<'));
      const store = memoryCassette();
      await recordProvider(mockLLM({ text, stop: 'other' }), store).generate(request(), callContext());
      const strict = recordProvider(mockLLM(), store, { mode: 'strict' });
      expect(await strict.generate(request(), callContext())).toEqual({ text, stop: 'other' });
    },
  );

  test('usage and model come back, request ids and limits do not', async () => {
    const store = memoryCassette();
    const usage = { inputTokens: 10, outputTokens: 5 };
    const model = mockLLM((_, call) => {
      call.report({ model: 'gpt-x', requestId: 'req-1', rateLimit: { remainingRequests: 3 } });
      call.report({ usage });
      return 1;
    });
    const live = callContext();
    await recordProvider(model, store).generate(request(), live);
    expect(live.reports).toStrictEqual([
      { model: 'gpt-x', requestId: 'req-1', rateLimit: { remainingRequests: 3 } },
      { usage },
    ]);
    const replay = callContext();
    await recordProvider(mockLLM(), store, { mode: 'strict' }).generate(request(), replay);
    expect(replay.reports).toEqual([{ model: 'gpt-x', usage }]);
  });

  test('equal calls get their replies in the order recorded, and the last one from then on', async () => {
    const store = memoryCassette();
    const recording = recordProvider(mockLLM(['one', 'two']), store);
    await recording.generate(request(), callContext());
    await recording.generate(request(), callContext());
    const strict = recordProvider(mockLLM(), store, { mode: 'strict' });
    const texts = [];
    for (let call = 0; call < 3; call += 1) texts.push(await strict.generate(request(), callContext()));
    expect(texts).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'two' }]);
  });

  test('entries are in the order calls started, whichever ended first', async () => {
    const clock = manualClock();
    const store = memoryCassette();
    const provider = recordProvider(
      mockProvider(1, { clock, delayMs: ([item]) => 100 / (item?.answer.length ?? 1) }),
      store,
    );
    const calls = ['a', 'bb', 'ccc'].map((answer) => provider.grade(itemsOf(answer), callContext()));
    await clock.runUntil(Promise.all(calls));
    const order = cassetteIn(store).entries.map((entry) => /"answer":"(\w+)"/.exec(JSON.stringify(entry.request))?.[1]);
    expect(order).toEqual(['a', 'bb', 'ccc']);
  });

  test('redact changes what is written and compared', async () => {
    const store = memoryCassette();
    await recordProvider(mockLLM('Well done, Ada'), store, { redact }).generate(ask('Ada'), callContext());
    expect(store.read()).not.toContain('Ada');
    const strict = recordProvider(mockLLM(), store, { mode: 'strict', redact });
    expect(await strict.generate(ask('Bob'), callContext())).toMatchObject({ text: 'Well done, a learner' });
  });
});

describe('recordProvider: failures', () => {
  test.each(['refused', 'truncated', 'malformed', 'too_large', 'invalid_request', 'unsupported'] as const)(
    '%s comes from what was asked, and is replayed',
    async (code) => {
      const store = memoryCassette();
      const failing = recordProvider(mockLLM(new ProviderError(code, 'the reason')), store);
      await expect(failing.generate(request(), callContext())).rejects.toMatchObject({ code });
      const strict = recordProvider(mockLLM(), store, { mode: 'strict' });
      await expect(strict.generate(request(), callContext())).rejects.toMatchObject({ code, message: 'the reason' });
    },
  );

  test.each([new ProviderError('rate_limited', 'later'), new ProviderError('auth', 'who?'), new Error('bug')])(
    '%s comes from the day, and is not recorded',
    async (error) => {
      const store = memoryCassette();
      const provider = recordProvider(mockLLM([error, 'fine']), store);
      await expect(provider.generate(request(), callContext())).rejects.toBe(error);
      expect(store.read()).toBeUndefined();
      await provider.generate(request(), callContext());
      expect(cassetteIn(store).entries).toHaveLength(1);
    },
  );

  test('an aborted call is not replayed', async () => {
    const store = memoryCassette();
    await recordProvider(mockLLM(), store).generate(request(), callContext());
    const strict = recordProvider(mockLLM(), store, { mode: 'strict' });
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(strict.generate(request(), callContext({ signal }))).rejects.toThrow('stop');
  });

  test('a store that cannot be written fails the calls that wait for it, and the next one tries again', async () => {
    const store = memoryCassette();
    const write = vi.fn<CassetteStore['write']>(store.write).mockRejectedValueOnce(new Error('disk full'));
    const provider = recordProvider(mockLLM(), { ...store, write });
    await expect(provider.generate(request(), callContext())).rejects.toThrow('disk full');
    await provider.generate(request(), callContext());
    expect(cassetteIn(store).entries).toHaveLength(2);
  });

  test('never writes twice at once, and writes what came meanwhile in one go', async () => {
    let writing = 0;
    const texts: string[] = [];
    const store: CassetteStore = {
      read: () => undefined,
      write: async (text) => {
        writing += 1;
        expect(writing).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        texts.push(text);
        writing -= 1;
      },
    };
    const provider = recordProvider(mockLLM(), store);
    await Promise.all(Array.from({ length: 20 }, () => provider.generate(request(), callContext())));
    expect(texts.length).toBeLessThan(10);
    expect((JSON.parse(texts.at(-1) ?? '') as Cassette).entries).toHaveLength(20);
  });
});

describe('recordProvider: modes', () => {
  const recorded = async (): Promise<ReturnType<typeof memoryCassette>> => {
    const store = memoryCassette();
    const provider = recordProvider(mockLLM('recorded'), store);
    await provider.generate(request(), callContext());
    await provider.generate(request({ prompt: 'another' }), callContext());
    return store;
  };

  test('off asks and leaves the cassette alone', async () => {
    const store: CassetteStore = {
      read: () => expect.unreachable('it was read'),
      write: () => expect.unreachable('it was written'),
    };
    const provider = recordProvider(mockLLM('live'), store, { mode: 'off' });
    expect(await provider.generate(request(), callContext())).toBe('live');
    expect(
      await recordProvider(mockProvider(), store, { mode: 'off' }).grade(itemsOf('a'), callContext()),
    ).toHaveLength(1);
    expect(provider.staleEntries()).toEqual([]);
  });

  test('record asks again, replaces what it asked and keeps the rest until that is pruned', async () => {
    const store = memoryCassette();
    const first = recordProvider(mockLLM(['old', 'other']), store, { mode: 'record' });
    await first.generate(request(), callContext());
    await first.generate(ask('Ada'), callContext());
    const second = recordProvider(mockLLM('new'), store, { mode: 'record' });
    await second.generate(request(), callContext());
    expect(cassetteIn(store).entries.map(({ reply }) => reply)).toMatchObject([{ text: 'new' }, { text: 'other' }]);
    expect(second.staleEntries()).toHaveLength(1);
    await second.prune();
    expect(cassetteIn(store).entries.map(({ reply }) => reply)).toMatchObject([{ text: 'new' }]);
  });

  test('add asks only for what is missing, and adds it', async () => {
    const store = await recorded();
    const model = mockLLM('live');
    const provider = recordProvider(model, store, { mode: 'add' });
    expect(await provider.generate(request(), callContext())).toMatchObject({ text: 'recorded' });
    expect(await provider.generate(request({ prompt: 'a third' }), callContext())).toBe('live');
    expect(model.calls).toHaveLength(1);
    expect(cassetteIn(store).entries).toHaveLength(3);
    expect(provider.staleEntries()).toMatchObject([{ request: { prompt: 'another' } }]);
  });

  test('add records on an empty cassette', async () => {
    const store = memoryCassette('  ');
    await recordProvider(mockLLM('live'), store, { mode: 'add' }).generate(request(), callContext());
    expect(cassetteIn(store).entries).toHaveLength(1);
  });

  test.each([
    [
      'prompt',
      request({ prompt: '<answer key="k7q2x1">"why not"</answer>' }),
      ['- "prompt": "<answer key', '+ "prompt": "<answer key'],
    ],
    [
      'one line of the policy',
      request({ system: 'Mark this kindly.\n\nQuestion: "Why?"' }),
      ['- "Mark this.",', '+ "Mark this kindly.",'],
    ],
    ['schema', request({ schema: { type: 'array' } }), ['- "type": "object"', '+ "type": "array"']],
    ['name of the schema', request({ schemaName: 'marks' }), ['- "schemaName": "grading"', '+ "schemaName": "marks"']],
  ])('strict fails when the %s changed, and shows the difference', async (_, changed, lines) => {
    const provider = recordProvider(mockLLM('live'), await recorded(), { mode: 'strict' });
    const error = await provider.generate(changed, callContext()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_request', retryable: false });
    expect(String(error)).toContain('no recorded call matches this one. Against the nearest, entry 1 of 2:');
    for (const line of lines) expect(String(error)).toContain(`\n${line}`);
    expect(provider.mismatches).toHaveLength(1);
    expect(provider.staleEntries()).toHaveLength(2);
  });

  test('strict fails when the model changed', async () => {
    const store = memoryCassette();
    await recordProvider({ ...mockLLM(), fingerprint: 'openai:gpt-5' }, store).generate(request(), callContext());
    const other = recordProvider({ ...mockLLM(), fingerprint: 'openai:gpt-6' }, store, { mode: 'strict' });
    await expect(other.generate(request(), callContext())).rejects.toThrow(
      '- "model": "openai:gpt-5",\n+ "model": "openai:gpt-6",',
    );
  });

  test('strict fails when the answer or the question of a verdict changed', async () => {
    const store = memoryCassette();
    await recordProvider(mockProvider(), store).grade([itemOf(question, 'less dense')], callContext());
    const strict = recordProvider(mockProvider(), store, { mode: 'strict' });
    await expect(strict.grade([itemOf(question, 'air')], callContext())).rejects.toThrow(
      '- "answer": "less dense"\n+ "answer": "air"',
    );
    await expect(strict.grade([itemOf({ prompt: 'Why?' }, 'less dense')], callContext())).rejects.toThrow(
      '+ "prompt": "Why?"',
    );
  });

  test('the room for the reply may change', async () => {
    const provider = recordProvider(mockLLM(), await recorded(), { mode: 'strict' });
    expect(await provider.generate(request({ maxOutputTokens: 9_999 }), callContext())).toMatchObject({
      text: 'recorded',
    });
  });

  test('a long difference is cut', async () => {
    const long = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const provider = recordProvider(mockLLM(), await recorded(), { mode: 'strict' });
    await expect(provider.generate(request({ system: long }), callContext())).rejects.toThrow(/\nand \d+ more lines\n/);
  });

  test('strict on an empty cassette says so', async () => {
    const provider = recordProvider(mockLLM(), memoryCassette(), { mode: 'strict' });
    await expect(provider.generate(request(), callContext())).rejects.toThrow('the cassette is empty');
  });

  test('the failure of a run shows the difference', async () => {
    const store = memoryCassette();
    await gradeAnswer({ question, answer: 'less dense' }, { provider: recordProvider(mockLLM(), store) });
    const strict = recordProvider(mockLLM(), store, { mode: 'strict' });
    const result = await gradeAnswer({ question, answer: 'it is cold' }, { provider: strict });
    expect(result.status === 'failed' && result.error.message).toContain('it is cold');
  });

  test.each(['not JSON', '{}', '{"gradelanesCassette":2,"entries":[]}'])(
    'a store that holds %j is refused',
    async (text) => {
      const provider = recordProvider(mockLLM(), memoryCassette(text), { mode: 'add' });
      await expect(provider.generate(request(), callContext())).rejects.toThrow('this is no cassette that can be read');
    },
  );

  test('a cassette of the other level is refused', async () => {
    const provider = recordProvider(mockProvider(), await recorded(), { mode: 'strict' });
    await expect(provider.grade(itemsOf('a'), callContext())).rejects.toThrow(
      'the cassette holds calls of a model provider, not of a verdict provider',
    );
  });

  test('keeps name, fingerprint and capabilities', () => {
    const inner = { ...mockLLM(1, { name: 'm', capabilities: { maxItemsPerCall: 2 } }), fingerprint: 'f' };
    expect(recordProvider(inner, memoryCassette())).toMatchObject({
      name: 'm',
      fingerprint: 'f',
      capabilities: { maxItemsPerCall: 2 },
    });
  });
});
