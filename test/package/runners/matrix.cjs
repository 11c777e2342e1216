// The rows that every runner's suite registers, whatever the runner: each grades through the packed package as an app's
// test would. CommonJS, because all runners can load that; what is tested is handed in.
const answerOf = (index) => ({ question: { prompt: 'Why does ice float?' }, answer: `answer ${index}` });
const answers = (count) => Array.from({ length: count }, (_, index) => answerOf(index));

function expectGraded(results, count) {
  const graded = results.filter((result) => result.status === 'graded').length;
  if (graded !== count) throw new Error(`${graded} of ${count} graded: ${JSON.stringify(results.slice(0, 3))}`);
}

/** Name, and how the row grades: with a clock or without, in milliseconds that may pass in real time too. */
function rowsOf(gradelanes, testing) {
  const { gradeAnswer, gradeAnswersConcurrently, gradeAnswersStream, gradeAnswersWithFallback, createGrader } =
    gradelanes;
  const { ProviderError, promptGrader } = gradelanes;
  const { faultyProvider, memoryCassette, mockLLM, mockProvider, recordProvider } = testing;
  const one = async (provider, options) => expectGraded([await gradeAnswer(answerOf(0), { provider, ...options })], 1);
  const limited = new ProviderError('rate_limited', 'slow down', { retryAfterMs: 30 });
  return {
    plain: (options) => one(mockProvider(1), options),
    mockLLM: (options) => one(mockLLM(0.8), options),
    'prompt grader': (options) => one(faultyProvider(promptGrader(mockLLM(0.8)), []), options),
    grader: async (options) => {
      const grader = createGrader({ provider: mockProvider(1), ...options });
      expectGraded((await grader.gradeAnswersWithFallback(answers(3))).results, 3);
    },
    record: async (options) => {
      const store = memoryCassette();
      await one(recordProvider(mockLLM(0.8), store), options);
      await one(recordProvider(mockLLM(new Error('not asked')), store, { mode: 'strict' }), options);
    },
    delay: (options) => one(mockProvider(1, { delayMs: 30 }), options),
    'back-off': (options) =>
      one(mockProvider([new ProviderError('network', 'reset'), 1]), { ...options, retry: { baseDelayMs: 20 } }),
    '429 with Retry-After': async (options) =>
      expectGraded(
        (await gradeAnswersWithFallback(answers(3), { provider: mockProvider([limited, 1, 1, 1]), ...options }))
          .results,
        3,
      ),
    'attempt timeout, then retry': (options) =>
      one(faultyProvider(mockProvider(1), ['hang']), {
        ...options,
        attemptTimeoutMs: 40,
        retry: { baseDelayMs: 10 },
      }),
    deadline: async (options) => {
      const provider = faultyProvider(mockProvider(1), ['hang', 'hang', 'hang']);
      const result = await gradeAnswer(answerOf(0), { provider, deadlineMs: 60, ...options });
      if (result.error?.code !== 'deadline_exceeded') throw new Error(JSON.stringify(result));
    },
    'slow cache': (options) => {
      const { clock = globalThis } = options;
      const later = (value) => new Promise((resolve) => void clock.setTimeout(() => resolve(value), 40));
      return one(mockProvider(1), { ...options, cache: { get: () => later(undefined), set: () => later(undefined) } });
    },
    '600 answers': async (options) =>
      expectGraded(
        (await gradeAnswersConcurrently(answers(600), { provider: mockProvider(1), ...options })).results,
        600,
      ),
    'stream of 20': async (options) => {
      const results = [];
      for await (const result of gradeAnswersStream(answers(20), { provider: mockProvider(1), ...options }))
        results.push(result);
      expectGraded(results, 20);
    },
  };
}

/** A turn of the event loop, by what no runner has faked yet when this loads; Jest's jsdom has timers alone. */
const later = 'setImmediate' in globalThis ? setImmediate : setTimeout;
const turn = () => new Promise((resolve) => void later(resolve));

async function moveUntilSettled(running, advance) {
  let isSettled = false;
  const settle = () => void (isSettled = true);
  running.then(settle, settle);
  for (let step = 0; step < 400 && !isSettled; step += 1) {
    await turn();
    if (!isSettled) await advance(50);
  }
  return running;
}

/**
 * Registers every row three times: without fake timers, with the runner's own, on from the start and moved again and
 * again, and with those standing still and a manual clock.
 *
 * @param fakes `on`, `off` and `advance(ms)` of the runner's fake timers; absent where it has none.
 */
function registerMatrix(test, { gradelanes, testing, fakes, names }) {
  for (const [name, run] of Object.entries(rowsOf(gradelanes, testing))) {
    if (names !== undefined && !names.includes(name)) continue;
    test(`${name}, no fake timers`, () => run({}));
    test(`${name}, manual clock`, () => onManualClock(run, testing));
    if (fakes === undefined) continue;
    test(`${name}, fake timers`, () => under(fakes, () => moveUntilSettled(run({}), fakes.advance)));
    test(`${name}, fake timers and a manual clock`, () => under(fakes, () => onManualClock(run, testing)));
  }
  if (fakes !== undefined)
    test('time that stands still is named', () => under(fakes, () => expectNamed(rowsOf(gradelanes, testing))));
}

function onManualClock(run, { manualClock }) {
  const clock = manualClock();
  return clock.runUntil(run({ clock }));
}

async function under(fakes, run) {
  await fakes.on();
  try {
    await run();
  } finally {
    await fakes.off();
  }
}

async function expectNamed(rows) {
  const names = ['delay', 'back-off', '429 with Retry-After', 'attempt timeout, then retry', 'deadline', 'slow cache'];
  const startedAt = process.hrtime.bigint();
  const ends = await Promise.allSettled(names.map((name) => rows[name]({})));
  const seconds = Number((process.hrtime.bigint() - startedAt) / 1_000_000n) / 1_000;
  const silent = names.filter((_, index) => !/fake timers stand still/.test(String(ends[index].reason)));
  if (silent.length > 0 || seconds > 5)
    throw new Error(`after ${seconds} s, not named: ${silent.join()} ${ends[0].reason}`);
}

/** Two copies of the package in one process: what one made, the other takes. */
async function expectCopiesWorkTogether(first, second) {
  if (first.gradelanes.ProviderError === second.gradelanes.ProviderError) throw new Error('these are no two copies');
  const controller = first.gradelanes.createConcurrencyController({ maxConcurrentTasks: 2 });
  const clock = first.testing.manualClock();
  const llm = first.testing.mockLLM([new first.gradelanes.ProviderError('network', 'reset'), 1, 1]);
  const provider = first.gradelanes.promptGrader(llm);
  const grader = second.gradelanes.createGrader({ provider, controller, clock, instructions: 'Be kind to spelling.' });
  const { results } = await clock.runUntil(grader.gradeAnswersConcurrently(answers(2)));
  expectGraded(results, 2);
  if (!llm.calls.every(({ request }) => request.system.includes('Be kind to spelling.')))
    throw new Error('no instructions');
  const error = await second.gradelanes
    .gradeAnswer(answerOf(0), { provider, maxConcurrentTasks: 0 })
    .catch((each) => each);
  if (!(error instanceof first.gradelanes.GradingOptionsError)) throw new Error(`not known by instanceof: ${error}`);
}

module.exports = { registerMatrix, expectCopiesWorkTogether };
