// Bulk grading on a real PostgreSQL server with the real engine, workers in this process.
import {
  gradeAnswer,
  promptGrader,
  ProviderError,
  type AnswerToGrade,
  type GradingProvider,
  type Prompt,
} from 'gradelanes';
import {
  cancelGrading,
  collectReport,
  createGradingWorker,
  deadLetters,
  enqueueGrading,
  gradingProgress,
  type GradingWorkerOptions,
  type RunOptions,
} from 'gradelanes/jobs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { countingProvider, useQueue } from './jobs/use-queue.js';
import { question, sampleAnswers } from './sample-answers.js';

const queueOf = useQueue();
const freshRun = (runId = 'run'): RunOptions => ({ ...queueOf().fresh(), runId });

describe('a run', () => {
  test('comes back complete and in order, with the ids of its answers', async () => {
    const run = freshRun();
    const answers = sampleAnswers(30, (index) => ({ id: `a${index}`, learnerId: `learner ${index}` }));
    const enqueued = await enqueueGrading(answers, { ...run, chunkSize: 8 });
    expect(enqueued).toEqual({ runId: 'run', answerCount: 30, chunkCount: 4, state: 'new' });
    expect(await gradingProgress(run)).toMatchObject({ total: 30, pending: 30, graded: 0, isOver: false });
    const provider = countingProvider();
    await work(run, provider);
    const { results, progress, takenOverCount } = await collectReport(run);
    expect(results.map((result) => [result.index, result.answerId, result.status])).toEqual(
      answers.map(({ id }, index) => [index, id, 'graded']),
    );
    expect(progress).toEqual({
      runId: 'run',
      total: 30,
      graded: 30,
      failed: 0,
      pending: 0,
      isCancelled: false,
      deadline: expect.any(Date),
      isOver: true,
    });
    expect(provider.asked.toSorted()).toEqual(answers.map(({ answer }) => answer).toSorted());
    expect(takenOverCount).toBe(0);
  });

  test('takes a stream of answers, whatever learners write into them', async () => {
    const run = freshRun();
    const hostile = ['a\u0000b', '\uD83D', "'; DROP TABLE result; --", '{"score":1}', '日本語 🎓'];
    async function* stream(): AsyncGenerator<AnswerToGrade> {
      for (const answer of hostile) yield { question, answer };
    }
    await enqueueGrading(stream(), { ...run, chunkSize: 2 });
    const provider = countingProvider(async (items) =>
      items.map(({ id, answer }) => ({ id, score: 1, feedback: `You wrote ${answer}` })),
    );
    await work(run, provider, { guards: false });
    const { results } = await collectReport(run);
    expect(results.map((result) => result.status === 'graded' && result.feedback)).toEqual(
      hostile.map((answer) => `You wrote ${answer}`),
    );
  });

  test('is enqueued once, also when the first call broke off in the middle', async () => {
    const run = freshRun();
    const answers = sampleAnswers(60);
    const breakingOff = function* (): Generator<AnswerToGrade> {
      yield* answers.slice(0, 45);
      throw new Error('the import broke off');
    };
    await expect(enqueueGrading(breakingOff(), { ...run, chunkSize: 2 })).rejects.toThrow('the import broke off');
    expect(await gradingProgress(run)).not.toHaveProperty('total');
    await expect(collectReport(run)).rejects.toMatchObject({ field: 'runId' });
    const again = { ...run, chunkSize: 7 };
    expect(await enqueueGrading(answers, again)).toMatchObject({ answerCount: 60, chunkCount: 30 });
    expect(await enqueueGrading(answers, again)).toMatchObject({ answerCount: 60, chunkCount: 30 });
    expect(await queueOf().boss.findJobs(run.queue ?? '', { data: { runId: 'run' } })).toHaveLength(30);
    await expect(enqueueGrading(sampleAnswers(61), again)).rejects.toMatchObject({ field: 'runId' });
  });

  test('of nothing is over at once', async () => {
    const run = freshRun();
    await enqueueGrading([], run);
    expect(await collectReport(run)).toMatchObject({ results: [], progress: { total: 0, isOver: true } });
  });
});

describe('a grade that is stored', () => {
  test('is not asked for again, in its run or in others, for whichever learner', async () => {
    const run = freshRun('first');
    await enqueueGrading(sampleAnswers(12), { ...run, chunkSize: 5 });
    await work(run, countingProvider());

    const jobs = await queueOf().boss.findJobs(run.queue ?? '', { data: { runId: 'first' } });
    const silent = countingProvider();
    await redeliver(run, jobs);
    const second = { ...run, runId: 'second' };
    await enqueueGrading(
      sampleAnswers(12, (index) => ({ id: `new ${index}`, learnerId: `other ${index}` })),
      second,
    );
    await work(second, silent);
    await vi.waitFor(async () => expect(await statesOf(run)).toEqual(['completed', 'completed', 'completed']), 10_000);
    expect(silent.asked).toEqual([]);
    const { results, takenOverCount } = await collectReport(second);
    expect(takenOverCount).toBe(12);
    expect(results[11]).toMatchObject({ index: 11, answerId: 'new 11', fromCache: true, attempts: 0, scaledScore: 1 });
  });

  test('is asked for again when the prompt, model, rubric or options change', async () => {
    const run = freshRun('first');
    const reply = '{"results":[{"levels":[5]}]}';
    const model = (fingerprint: string): { fingerprint: string; asked: number; generate: () => Promise<string> } => {
      const each = {
        fingerprint,
        asked: 0,
        generate: async () => {
          each.asked++;
          return reply;
        },
      };
      return each;
    };
    await enqueueGrading(sampleAnswers(3), run);
    await work(run, model('model-1'));

    const rerun = async (
      runId: string,
      llm: ReturnType<typeof model>,
      grading: Partial<GradingWorkerOptions['grading']> = {},
      answers = sampleAnswers(3),
    ): Promise<number> => {
      const again = { ...run, runId };
      await enqueueGrading(answers, again);
      await work(again, llm, grading);
      return llm.asked;
    };
    expect(await rerun('same', model('model-1'))).toBe(0);
    expect(await rerun('model', model('model-2'))).toBe(3);
    expect(await rerun('instructions', model('model-1'), { instructions: 'Be strict.' })).toBe(3);
    expect(await rerun('feedback', model('model-1'), { feedback: false })).toBe(3);
    const rubric = { criteria: [{ id: 'why', description: 'Names the cause' }] };
    const marked = sampleAnswers(3, () => ({ question: { ...question, rubric } }));
    expect(await rerun('rubric', model('model-1'), {}, marked)).toBe(3);
    const llm = model('model-1');
    expect(await rerun('prompt', llm, { provider: promptGrader(llm, { promptVersion: 'mine-2' }) })).toBe(3);
  });
});

describe('failures', () => {
  test('of one answer are final, those that others do not share are tried again, and what stays is a dead letter', async () => {
    const run = freshRun();
    const provider = countingProvider(async ([item]) => {
      if (item?.answer === 'answer 1') throw new ProviderError('refused', 'will not grade this');
      if (item?.answer === 'answer 2') throw new ProviderError('server', 'stumbles over this one');
      return [{ id: item?.id ?? '', score: 1 }];
    });
    await enqueueGrading(sampleAnswers(4), { ...run, attempts: 2, retryDelaySeconds: 1 });
    await work(run, provider, { retry: false });
    const { results, progress } = await collectReport(run);
    expect(results.map((each) => (each.status === 'graded' ? 'graded' : each.error.code))).toEqual([
      'graded',
      'refused',
      'server',
      'graded',
    ]);
    expect(progress).toMatchObject({ graded: 2, failed: 2, pending: 0, isOver: true });
    const asked = Map.groupBy(provider.asked, (answer) => answer);
    expect(asked.get('answer 0')).toHaveLength(1);
    expect(asked.get('answer 2')?.length).toBeGreaterThan(asked.get('answer 1')?.length ?? 0);
    expect(await deadLetters(run)).toMatchObject([
      { first: 0, answerCount: 4, reason: '1 of 4 answers could not be graded: server x 1' },
    ]);
  });

  test('of the worker itself leave a dead letter, and every answer of it a reason', async () => {
    const run = freshRun();
    await enqueueGrading(sampleAnswers(3), { ...run, attempts: 1 });
    const { boss } = queueOf();
    const [job] = await boss.fetch(run.queue ?? '');
    await boss.fail(run.queue ?? '', job?.id ?? '', new Error('out of memory'));
    const { results, progress } = await collectReport(run);
    expect(progress).toMatchObject({ graded: 0, failed: 3, pending: 0, isOver: true });
    expect(results.map((each) => each.status === 'failed' && each.error.message)).toEqual(
      Array.from({ length: 3 }, () => 'its chunk was given up: out of memory'),
    );
  });

  test('of a job that is none of ours say so', async () => {
    const run = freshRun();
    await enqueueGrading([], run);
    const { boss } = queueOf();
    const id = await boss.send(run.queue ?? '', { runId: 'run' }, { retryLimit: 0, deadLetter: `${run.queue}_dead` });
    const worker = await startWorker(run, countingProvider());
    await vi.waitFor(async () => {
      const [job] = await boss.findJobs(run.queue ?? '', { id: id ?? '' });
      expect(job?.output).toMatchObject({ field: 'job', rule: 'must come from enqueueGrading()' });
    }, 10_000);
    expect(await deadLetters(run)).toEqual([]);
    await worker.close();
  });
});

describe('cancelGrading', () => {
  test('keeps what is graded and starts nothing more', async () => {
    const run = freshRun();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const provider = countingProvider(async (items) => {
      if (provider.asked.length > 4) await held;
      return items.map(({ id }) => ({ id, score: 1 }));
    });
    await enqueueGrading(sampleAnswers(40), { ...run, chunkSize: 4 });
    const worker = await startWorker(run, provider, {}, { concurrentChunks: 1, maxConcurrentTasks: 1 });
    await vi.waitFor(() => expect(provider.asked).toHaveLength(5), 10_000);
    await cancelGrading(run);
    release();
    await worker.close();
    const { progress, results } = await collectReport(run);
    expect(progress).toMatchObject({ isCancelled: true, isOver: true, failed: 0 });
    expect(progress.graded).toBeLessThanOrEqual(8);
    expect(results).toHaveLength(40);
    const failed = results.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(40 - progress.graded);
    for (const result of failed) {
      expect(result).toMatchObject({ error: { code: 'aborted', message: 'the run was cancelled' } });
    }
  });
});

describe('a worker', () => {
  test('takes interactive chunks first, and has a place for them that others do not take', async () => {
    const run = freshRun('background');
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const provider = countingProvider(async (items) => {
      if (items.some(({ answer }) => answer.startsWith('answer'))) await held;
      return items.map(({ id }) => ({ id, score: 1 }));
    });
    await enqueueGrading(sampleAnswers(9), { ...run, chunkSize: 3 });
    const worker = await startWorker(run, provider, {}, { maxConcurrentTasks: 20 });
    await vi.waitFor(() => expect(worker.controller.snapshot().running).toBe(6), 10_000);
    const urgent = { ...run, runId: 'urgent' };
    await enqueueGrading([{ question, answer: 'now please' }], { ...urgent, priority: 'interactive' });
    await vi.waitFor(async () => expect(await gradingProgress(urgent)).toMatchObject({ isOver: true }), 10_000);
    expect(await gradingProgress(run)).toMatchObject({ graded: 0 });
    release();
    await worker.close();
  });

  test('that is closed gives the rest to others, who ask only for what was in flight', async () => {
    const run = freshRun();
    const stuck = countingProvider(
      (items, { signal }) =>
        new Promise((resolve, reject) => {
          if (stuck.asked.length <= 3) resolve(items.map(({ id }) => ({ id, score: 1 })));
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    await enqueueGrading(sampleAnswers(10), { ...run, retryDelaySeconds: 1 });
    const worker = await startWorker(run, stuck, {}, { maxConcurrentTasks: 2 });
    await vi.waitFor(() => expect(stuck.asked).toHaveLength(5), 10_000);
    await worker.close({ graceMs: 0 });
    const next = countingProvider();
    await work(run, next);
    expect(next.asked.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `answer ${index + 3}`));
    expect((await collectReport(run)).progress).toMatchObject({ graded: 10 });
  });

  test('keeps to limits that all workers share', async () => {
    const run = freshRun();
    const startedAt: number[] = [];
    const provider = countingProvider(async (items) => {
      startedAt.push(performance.now());
      return items.map(({ id }) => ({ id, score: 1 }));
    });
    await enqueueGrading(sampleAnswers(40), { ...run, chunkSize: 10 });
    const limits = { requestsPerMinute: 2_400, tokensPerMinute: 60_000_000 };
    const workers = await Promise.all(
      [1, 2].map(() => startWorker(run, provider, {}, { limits, maxConcurrentTasks: 20 })),
    );
    await vi.waitFor(async () => expect(await gradingProgress(run)).toMatchObject({ isOver: true }), 20_000);
    for (const worker of workers) await worker.close();
    expect(startedAt).toHaveLength(40);
    // 40 a second: the last of 40 starts nearly a second after the first.
    expect(Math.max(...startedAt) - Math.min(...startedAt)).toBeGreaterThan(900);
  });
});

const model = { fingerprint: 'model', generate: async () => '' };

describe('misuse', () => {
  test('is refused by name, before anything is enqueued', async () => {
    const run = freshRun();
    await expect(enqueueGrading(sampleAnswers(1), { ...run, runId: '' })).rejects.toMatchObject({ field: 'runId' });
    await expect(enqueueGrading(sampleAnswers(1), { ...run, chunkSize: 0 })).rejects.toMatchObject({
      field: 'chunkSize',
    });
    await expect(enqueueGrading([], { ...run, schema: 'a"b' })).rejects.toMatchObject({ field: 'schema' });
    const wrong = [...sampleAnswers(3), { question: { prompt: '' }, answer: 'x' }];
    await expect(enqueueGrading(wrong, { ...run, chunkSize: 2 })).rejects.toMatchObject({
      field: 'answers[3].question.prompt',
    });
    await expect(gradingProgress({ ...run, runId: 'unheard of' })).rejects.toMatchObject({ field: 'runId' });
  });

  test.each([
    ['grading.provider', { grading: { provider: { grade: async () => [] } } }],
    ['grading.provider[1]', { grading: { provider: [countingProvider(), { grade: async () => [] }] } }],
    ['grading.provider', { grading: { provider: promptGrader(model, { prompt: (prompt: Prompt) => prompt }) } }],
    ['grading.signal', { grading: { provider: countingProvider(), signal: AbortSignal.abort() } }],
    ['maxConcurrentTasks', { grading: { provider: countingProvider() }, maxConcurrentTasks: 0 }],
    ['limits', { grading: { provider: countingProvider() }, limits: { requestsPerSecond: 1 } }],
    ['mode', { grading: { provider: countingProvider(), mode: 'fast' } }],
  ])('of a worker names %s', async (field, options) => {
    // What a caller in plain JavaScript may write.
    const given = { ...queueOf().fresh(), ...options } as unknown as GradingWorkerOptions;
    await expect(createGradingWorker(given)).rejects.toMatchObject({ name: 'GradingOptionsError', field });
  });
});

test('a provider graded with in bulk still works alone', async () => {
  expect(await gradeAnswer({ question, answer: 'x' }, { provider: countingProvider() })).toMatchObject({
    status: 'graded',
  });
});

function startWorker(
  run: RunOptions,
  provider: GradingWorkerOptions['grading']['provider'],
  grading: Partial<GradingWorkerOptions['grading']> = {},
  options: Partial<GradingWorkerOptions> = {},
): ReturnType<typeof createGradingWorker> {
  const { runId: _, ...queue } = run;
  return createGradingWorker({ ...queue, grading: { provider, ...grading }, ...options });
}

/** Works until the run is over. */
async function work(
  run: RunOptions,
  provider: GradingProvider | GradingWorkerOptions['grading']['provider'],
  grading: Partial<GradingWorkerOptions['grading']> = {},
): Promise<void> {
  const worker = await startWorker(run, provider, grading);
  onTestFinished(() => worker.close());
  await vi.waitFor(async () => expect(await gradingProgress(run)).toMatchObject({ isOver: true }), {
    timeout: 20_000,
    interval: 20,
  });
  await worker.close();
}

/** As the engine does when the end of a job was not heard: it is there once more. */
async function redeliver(run: RunOptions, jobs: readonly { id: string }[]): Promise<void> {
  await queueOf().pool.query(
    `UPDATE pgboss.job SET state = 'created', completed_on = NULL WHERE name = $1 AND id = ANY($2)`,
    [run.queue, jobs.map(({ id }) => id)],
  );
}

async function statesOf(run: RunOptions): Promise<string[]> {
  const jobs = await queueOf().boss.findJobs(run.queue ?? '', { data: { runId: run.runId } });
  return jobs.map(({ state }) => state);
}
