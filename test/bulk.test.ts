import Anthropic from '@anthropic-ai/sdk';
import { gradeAnswer, isGradingAborted, isProviderError, type AnswerToGrade, type GradingResult } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import {
  cancel,
  collect,
  poll,
  submit,
  type BulkHandle,
  type BulkVendor,
  type BulkSubmitOptions,
} from 'gradelanes/bulk';
import { mockProvider } from 'gradelanes/testing';
import type { MockReply, MockRequest } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { jsonProblems } from '../src/testing/checks/json-problems.js';
import { resultProblems } from '../src/testing/checks/result-problems.js';
import { previousVendors, vendors } from './bulk/bulk-vendors.js';
import { useMockServers } from './tools/mock-servers.js';

const startServer = useMockServers();

const [anthropic, openai] = vendors;

const question = { id: 'q', prompt: 'Why does ice float?', referenceAnswers: ['It is less dense than water.'] };
const numeric = { id: 'legs', kind: 'numeric', prompt: 'How many legs?', numeric: { value: 8 } } as const;
const answersNamed = (...texts: readonly string[]) => texts.map((answer) => ({ id: `a-${answer}`, question, answer }));

const lettersOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `ice swims, says ${String.fromCharCode(97 + index)}`);

/** Marks by the last letter, six of them. */
const scoreOf = (text: string): number => (text.charCodeAt(text.length - 1) % 6) / 5;

describe.each([...vendors, ...previousVendors])('$name', ({ vendor: vendorAt, path }) => {
  test('grades like a live call, what a rule decides without a request', async () => {
    const server = await startServer({ score: scoreOf, batches: { order: 'shuffled' } });
    const vendor = vendorAt(server.url);
    const answers = [...answersNamed(...lettersOf(8)), { question: numeric, answer: '8' }];
    const options = { vendor, context: 'Water expands.', instructions: 'Be kind.' };
    const handle = await submit(answers, options);
    expect(await poll(handle, { vendor })).toEqual({
      isEnded: true,
      requests: 8,
      finished: 8,
      failed: 0,
      batches: { ended: 1, total: 1 },
    });
    const { results, ungraded, usage } = await collect(stored(handle), answers, options);
    expectEachOnce(results, answers);
    expect(ungraded).toEqual([]);
    expect(results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual([
      ...lettersOf(8).map(scoreOf),
      1,
    ]);
    expect(results.map((result) => result.status === 'graded' && result.gradedBy).toSpliced(1, 6)).toEqual([
      ...['llm', 'llm', 'rule'],
    ]);
    expect(usage?.inputTokens).toBeGreaterThan(8);
    expect(server.requests.filter((request) => request.path === path).length).toBe(1);
  });

  test('gives every answer once: expired, errored, refused and unreadable rows fail with the reason', async () => {
    const respond = ({ answers: [text = ''] }: MockRequest): MockReply | undefined => faults[text];
    const server = await startServer({
      respond,
      batches: { order: 'reversed', expires: ({ answers: [text] }) => text === 'too late' },
    });
    const vendor = vendorAt(server.url);
    const answers = answersNamed('too late', ...Object.keys(faults), 'fine');
    const handle = await submit(answers, { vendor });
    const { results, ungraded } = await collect(handle, answers, { vendor });
    expectEachOnce(results, answers);
    expect(results.map((result) => (result.status === 'failed' ? result.error.code : 'graded'))).toEqual([
      ...['timeout', 'server', 'refused', 'malformed', 'truncated', 'malformed', 'graded'],
    ]);
    expect(ungraded).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await poll(handle, { vendor })).failed).toBe(2);
  });

  test('grades the rest live when told how, and counts what the batch cost', async () => {
    const server = await startServer({
      respond: ({ answers: [text] }) => (text === 'unreadable' ? { fault: 'malformed' } : undefined),
      batches: { expires: ({ answers: [text] }) => text === 'too late' },
    });
    const vendor = vendorAt(server.url);
    const answers = answersNamed('fine', 'too late', 'unreadable', 'also fine');
    const told: number[] = [];
    const handle = await submit(answers, { vendor });
    const live = mockProvider(0.6);
    const { results, ungraded, restMetrics } = await collect(handle, answers, {
      vendor,
      rest: { provider: live },
      onResult: ({ index }) => void told.push(index),
    });
    expectEachOnce(results, answers);
    expect(ungraded).toEqual([]);
    expect(told.toSorted()).toEqual([0, 1, 2, 3]);
    expect(results.map(({ attempts }) => attempts)).toEqual([1, 2, 2, 1]);
    expect(results.map((result) => result.status === 'graded' && result.provider)).toEqual([
      ...[vendor.name, 'mock', 'mock', vendor.name],
    ]);
    expect(results[2]?.usage?.inputTokens).toBeGreaterThan(1);
    expect(restMetrics).toMatchObject({ gradedCount: 2, requests: live.calls.length });
  });
});

describe.each(vendors)('$name', ({ vendor: vendorAt, path }) => {
  test('chunks to the limits on requests and bytes, and the server agrees', async () => {
    const answers = answersNamed(...lettersOf(23));
    const byCount = await startServer({ score: scoreOf, batches: { maxRequests: 5 } });
    const vendor = vendorAt(byCount.url);
    const handle = await submit(answers, { vendor, maxRequests: 5 });
    expect(handle.parts.map(({ requests }) => requests)).toEqual([5, 5, 5, 5, 3]);
    expect((await collect(handle, answers, { vendor })).ungraded).toEqual([]);

    const maxBytes = 12_000;
    const byBytes = await startServer({ score: scoreOf, batches: { maxBytes } });
    const parts = (await submit(answers, { vendor: vendorAt(byBytes.url), maxBytes })).parts;
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map(({ first }) => first)).toEqual([0, ...parts.slice(0, -1).map(({ end }) => end)]);
    expect(
      (
        await collect(await submit(answers, { vendor: vendorAt(byBytes.url), maxBytes }), answers, {
          vendor: vendorAt(byBytes.url),
        })
      ).ungraded,
    ).toEqual([]);
  });

  test('says how far it is, and refuses to collect before the end', async () => {
    const server = await startServer({ batches: { polls: 1 } });
    const vendor = vendorAt(server.url);
    const answers = answersNamed('one', 'two');
    const handle = await submit(answers, { vendor });
    expect(await poll(handle, { vendor })).toMatchObject({ isEnded: false, requests: 2, finished: 0 });
    expect(await poll(handle, { vendor })).toMatchObject({ isEnded: true, requests: 2, finished: 2 });
    const later = await submit(answers, { vendor });
    await expect(collect(later, answers, { vendor })).rejects.toThrow(
      `handle must be of batches that have all ended: poll() tells: received ${later.parts[0]?.batchId}`,
    );
  });

  test('cancels: what is not graded by then comes back as aborted, and can be graded live', async () => {
    const server = await startServer({ batches: { polls: 2 } });
    const vendor = vendorAt(server.url);
    const answers = answersNamed('one', 'two');
    const handle = await submit(answers, { vendor });
    await cancel(handle, { vendor });
    while (!(await poll(handle, { vendor })).isEnded);
    const { results } = await collect(handle, answers, { vendor });
    expect(results.map((result) => result.status === 'failed' && result.error.code)).toEqual(['aborted', 'aborted']);
    await cancel(handle, { vendor });
    expect((await collect(handle, answers, { vendor, rest: { provider: mockProvider(1) } })).ungraded).toEqual([]);
  });

  test.for([0, 1])(
    'finds a batch whose id was lost, still running (%i) or not, and creates none twice',
    async (polls) => {
      const server = await startServer({ batches: { polls } });
      const vendor = vendorAt(server.url);
      const answers = answersNamed(...lettersOf(7));
      let saved: BulkHandle | undefined;
      // The process dies after the second batch was created, before its id was saved.
      const crash = submit(answers, {
        vendor,
        maxRequests: 3,
        onHandle: (handle) => {
          const isSecondCreated = handle.parts.length === 2 && handle.parts[1]?.batchId !== undefined;
          if (isSecondCreated) throw new Error('killed');
          saved = stored(handle);
        },
      });
      await expect(crash).rejects.toThrow('killed');
      // Another run of the same size, created before ours is looked for again.
      await submit(answersNamed('x', 'y', 'z'), { vendor });
      expect(saved?.parts.map(({ batchId }) => batchId === undefined)).toEqual([false, true]);
      const handle = await submit(answers, { vendor, resume: saved, maxRequests: 3 });
      expect(server.requests.filter((request) => request.path === path && request.body !== undefined).length).toBe(4);
      expect(new Set(handle.parts.map(({ batchId }) => batchId)).size).toBe(3);
      while (!(await poll(handle, { vendor })).isEnded);
      expect((await collect(handle, answers, { vendor })).ungraded).toEqual([]);
    },
  );

  test('never repeats a creation by itself, and goes on where it failed', async () => {
    const server = await startServer();
    const answers = answersNamed(...lettersOf(4));
    let saved: BulkHandle | undefined;
    const onHandle = (handle: BulkHandle): void => void (saved = handle);
    const broken = vendorAt(server.url, failingFetch(path, 2));
    await expect(submit(answers, { vendor: broken, maxRequests: 2, onHandle })).rejects.toSatisfy(
      (error) => isProviderError(error) && error.code === 'network',
    );
    const vendor = vendorAt(server.url);
    const handle = await submit(answers, { vendor, maxRequests: 2, resume: saved, onHandle });
    expect(handle.isSubmitted).toBe(true);
    expect((await collect(handle, answers, { vendor })).ungraded).toEqual([]);
  });

  test('reads results again whose stream broke', async () => {
    const server = await startServer();
    const answers = answersNamed(...lettersOf(5));
    const handle = await submit(answers, { vendor: vendorAt(server.url) });
    const vendor = vendorAt(server.url, cuttingFetch(/results$|content$/));
    const told: number[] = [];
    const { ungraded } = await collect(handle, answers, {
      vendor,
      random: () => 0,
      onResult: ({ index }) => void told.push(index),
    });
    expect(ungraded).toEqual([]);
    expect(told).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('submit', () => {
  test('finds batches of its own name at OpenAI without a handle, and refuses a name of other answers', async () => {
    const server = await startServer();
    const vendor = openai.vendor(server.url);
    const answers = answersNamed(...lettersOf(5));
    const options = { vendor, runId: 'spring_2026', maxRequests: 2 };
    const first = await submit(answers, options);
    const second = await submit(answers, options);
    expect(second.parts.map(({ batchId }) => batchId)).toEqual(first.parts.map(({ batchId }) => batchId));
    await expect(submit(answers.slice(0, 1), options)).rejects.toThrow(
      'runId must not have been used for other answers: received a batch up to 2',
    );
  });

  test('takes an ended batch of Anthropic for its own only by its rows', async () => {
    const server = await startServer();
    const vendor = anthropic.vendor(server.url);
    const [answers, others] = [answersNamed('one', 'two'), answersNamed('three', 'four')];
    let announced: BulkHandle | undefined;
    const save = (handle: BulkHandle): void => void (announced ??= stored(handle));
    const lost = await submit(answers, { vendor, onHandle: save });
    const other = await submit(others, { vendor });
    for (const handle of [lost, other]) await poll(handle, { vendor });
    const found = await submit(answers, { vendor, resume: announced });
    expect(found.parts[0]?.batchId).toBe(lost.parts[0]?.batchId);
    // Nothing like it: created.
    const renamed = { ...announced, runId: 'other' } as BulkHandle;
    const created = await submit(answers, { vendor, resume: renamed });
    expect([lost, other].map(({ parts }) => parts[0]?.batchId)).not.toContain(created.parts[0]?.batchId);
  });

  test('sends what a live call sends, no learner, and nothing that the vendor keeps for long', async () => {
    const server = await startServer();
    const answers: [AnswerToGrade] = [{ id: 'a-1', learnerId: 'amina', question, answer: 'It is lighter.' }];
    await submit(answers, { vendor: anthropic.vendor(server.url), instructions: 'Be kind.', random: () => 0 });
    await gradeAnswer(answers[0], {
      provider: anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: server.url }), {
        model: 'claude-haiku-5-5',
      }),
      instructions: 'Be kind.',
      random: () => 0,
    });
    const [batch, live] = server.requests.map(({ body }) => body);
    expect(batch).toEqual({ requests: [{ custom_id: expect.stringMatching(/^[\w-]{1,64}$/), params: live }] });
    expect(JSON.stringify(batch)).not.toMatch(/amina|a-1/);

    const created: unknown[] = [];
    const spied = openai.vendor(server.url, async (input, init) => {
      if (init?.body instanceof FormData) created.push(Object.fromEntries(init.body));
      return fetch(input, init);
    });
    await submit(answers, { vendor: spied });
    const file = created[0] as { file: File };
    expect(created[0]).toMatchObject({ purpose: 'batch', 'expires_after[anchor]': 'created_at' });
    expect(JSON.parse(await file.file.text())).toMatchObject({ method: 'POST', body: { store: false } });
    expect(server.requests.at(-1)?.body).toMatchObject({
      completion_window: '24h',
      output_expires_after: { anchor: 'created_at', seconds: 604_800 },
    });
  });

  test('needs no batch where rules decide everything', async () => {
    const server = await startServer();
    const vendor = openai.vendor(server.url);
    const answers = [{ question: numeric, answer: '8' }];
    const handle = await submit(answers, { vendor });
    expect(await poll(handle, { vendor })).toMatchObject({ isEnded: true, requests: 0 });
    expect((await collect(handle, answers, { vendor })).results[0]).toMatchObject({
      gradedBy: 'rule',
      isCorrect: true,
    });
    expect(server.requests.length).toBe(0);
  });

  test('stops when it is told to', async () => {
    const server = await startServer();
    const options = { vendor: openai.vendor(server.url), signal: AbortSignal.abort() };
    await expect(submit(answersNamed('one'), options)).rejects.toSatisfy(
      (error) => isProviderError(error) && error.code === 'aborted',
    );
    expect(server.requests.length).toBe(0);
  });

  test.for([
    [{ runId: 'exam 1' }, 'runId must be 1 to 40 letters, digits, "_" and "-": received "exam 1"'],
    [{ maxRequests: 50_001 }, 'maxRequests must be an integer from 1 to 50000: received 50001'],
    [{ maxBytes: 10 }, 'maxBytes must have room for the request about answers[0]: received 10'],
    [{ mode: 'batch' }, 'mode is not an option'],
    [{ vendor: {} }, 'vendor must be made by anthropicBulk() or openaiBulk(): received an object'],
    [{ guards: 'all' }, 'guards must be true, false or'],
    [
      { resume: { version: 2 } },
      'resume.version must be 1: the handle is of another version of this package: received 2',
    ],
  ] as const)('refuses %o', async ([options, message]) => {
    const given = { vendor: openai.vendor('http://127.0.0.1:1'), ...options } as unknown as BulkSubmitOptions;
    await expect(submit(answersNamed('one'), given)).rejects.toThrow(message);
  });

  test('goes on only with the answers, the name and the vendor of the handle', async () => {
    const server = await startServer();
    const vendor = openai.vendor(server.url);
    const answers = answersNamed('one', 'two');
    const resume = { ...(await submit(answers, { vendor })), isSubmitted: false };
    await expect(submit([], { vendor, resume })).rejects.toThrow('answers must be the 2 of the handle: received 0');
    await expect(submit(answers, { vendor, resume, runId: 'x' })).rejects.toThrow('runId must be that of the handle');
    await expect(submit(answers, { vendor: anthropic.vendor(server.url), resume })).rejects.toThrow(
      'resume.vendor must be the vendor of the options, anthropic: received "openai"',
    );
    expect(await poll(resume, { vendor })).toMatchObject({ isEnded: false });
    await expect(collect(resume, answers, { vendor })).rejects.toThrow('handle must be of a run that is handed in');
    expect((await submit(answers, { vendor, resume })).isSubmitted).toBe(true);
  });
});

describe('collect', () => {
  test('refuses other answers than those that were submitted', async () => {
    const server = await startServer();
    const vendor = anthropic.vendor(server.url);
    const answers = answersNamed('one', 'two');
    const handle = await submit(answers, { vendor });
    await expect(collect(handle, answers.toReversed(), { vendor })).rejects.toThrow(
      'answers must be those that were submitted, in the same order',
    );
    await expect(collect(handle, [], { vendor })).rejects.toThrow('answers must be the 2 of the handle: received 0');
  });

  test('fails every answer of a batch that the vendor did not take, with its reason', async () => {
    const server = await startServer({ batches: { maxRequests: 1 } });
    const vendor = openai.vendor(server.url);
    const answers = [...answersNamed('one', 'two'), { question: numeric, answer: '8' }];
    const handle = await submit(answers, { vendor });
    expect(await poll(handle, { vendor })).toMatchObject({ isEnded: true, finished: 2, failed: 2 });
    const { results, ungraded } = await collect(handle, answers, { vendor });
    expect(ungraded).toEqual([0, 1]);
    expect(results[0]).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_request', message: expect.stringContaining('request_limit_exceeded') },
    });
  });

  test('takes rows that are missing, foreign or doubled as they are', async () => {
    const answers = answersNamed('one', 'two');
    const server = await startServer();
    const vendor = anthropic.vendor(server.url);
    const handle = await submit(answers, { vendor });
    const rows: BulkVendor['rows'] = async function* (batchId, signal) {
      for await (const row of vendor.rows(batchId, signal)) {
        if (row.id.includes('_0_')) yield* [row, { ...row, id: `other_${row.id}` }, row];
      }
    };
    const { results, usage } = await collect(handle, answers, { vendor: { ...vendor, rows } });
    expect(results.map((result) => (result.status === 'failed' ? result.error.message : 'graded'))).toEqual([
      ...['graded', 'anthropic sent no row for this answer'],
    ]);
    expect(usage).toEqual(results[0]?.usage);
  });

  test('gives everything that is graded when it is aborted during the rest', async () => {
    const server = await startServer({ batches: { expires: ({ answers: [text] }) => text !== 'one' } });
    const vendor = openai.vendor(server.url);
    const answers = answersNamed('one', 'two', 'three');
    const handle = await submit(answers, { vendor });
    const abort = new AbortController();
    const provider = mockProvider(() => {
      abort.abort();
      return 1;
    });
    const error: unknown = await collect(handle, answers, { vendor, signal: abort.signal, rest: { provider } }).catch(
      (reason: unknown) => reason,
    );
    if (!isGradingAborted(error)) throw new Error('expected an abort', { cause: error });
    expect(error.report.results.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(error.report.results[0]).toMatchObject({ status: 'graded' });
    expect(error.report.results[2]).toMatchObject({
      status: 'failed',
      error: { code: 'aborted', causes: [{ code: 'timeout' }] },
    });
  });

  test.for(['bulk', 'rest'])('ends with what onResult throws about the %s', async (road) => {
    const server = await startServer({ batches: { expires: ({ answers: [text] }) => text === 'two' } });
    const vendor = openai.vendor(server.url);
    const answers = answersNamed('one', 'two');
    const handle = await submit(answers, { vendor });
    const onResult = ({ index }: GradingResult): void => {
      if (index === (road === 'bulk' ? 0 : 1)) throw new Error('the database is full');
    };
    await expect(collect(handle, answers, { vendor, onResult, rest: { provider: mockProvider(1) } })).rejects.toThrow(
      'the database is full',
    );
  });
});

const faults: Readonly<Record<string, MockReply>> = {
  'server error': { error: 500 },
  refused: { fault: 'refusal' },
  prose: { text: 'Well done!' },
  'cut off': { fault: 'length' },
  'no levels': { verdicts: [{ levels: 'high' }] },
};

function expectEachOnce(results: readonly GradingResult[], answers: readonly AnswerToGrade[]): void {
  expect(results.length).toBe(answers.length);
  expect(answers.flatMap((answer, index) => resultProblems(results[index], answer, index))).toEqual([]);
  expect(jsonProblems(results, 'results')).toEqual([]);
}

/** As it comes back from a database. */
function stored(handle: BulkHandle): BulkHandle {
  return JSON.parse(JSON.stringify(handle)) as BulkHandle;
}

/** Fails the so manieth request that creates a batch, before it is sent. */
function failingFetch(path: string, number: number): typeof fetch {
  let count = 0;
  return async (input, init) => {
    const isMeant = init?.method?.toUpperCase() === 'POST' && new URL(urlOf(input)).pathname === path;
    if (isMeant && ++count === number) throw new TypeError('fetch failed');
    return fetch(input, init);
  };
}

/** Cuts the first response of such a path in the middle. */
function cuttingFetch(path: RegExp): typeof fetch {
  let isCut = false;
  return async (input, init) => {
    const response = await fetch(input, init);
    if (isCut || !path.test(urlOf(input))) return response;
    isCut = true;
    const whole = await response.text();
    const half = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(whole.slice(0, whole.length / 2)));
        controller.error(new TypeError('terminated'));
      },
    });
    return new Response(half, { headers: response.headers });
  };
}

function urlOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}
