import { describe, expect, test } from 'vitest';
import {
  checkQuestion,
  createBudget,
  createConcurrencyController,
  createGrader,
  estimateCost,
  gradeAnswer,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersStream,
  gradeAnswersWithFallback,
  isGradingOptionsError,
  selectProcessingMode,
} from 'gradelanes';
import { aiSdkProvider } from 'gradelanes/ai-sdk';
import { anthropicProvider } from 'gradelanes/anthropic';
import { offlineProvider } from 'gradelanes/offline';
import { openaiProvider } from 'gradelanes/openai';
import { mockProvider } from 'gradelanes/testing';

/** Plain JavaScript, where no compiler stands before the mistake. */
// oxlint-disable-next-line typescript/no-explicit-any
type Anything = any;

/** A mistake: what is called, and what its message must say: the field, the rule, the value, what to do. */
type Mistake = readonly [call: () => unknown, ...parts: readonly string[]];

const provider = mockProvider();
const prompt = 'Why does ice float?';
const choices = ['yes', 'no'];
const KEY = 'AIzaSyD-1234567890abcdefghijklmnopqrstu';

const question = (fields: object) => () => checkQuestion({ prompt, ...fields });
const answer = (fields: object) => () =>
  gradeAnswersWithFallback([{ question: { prompt }, answer: 'x', ...fields } as Anything], { provider });
const options = (fields: object) => () => gradeAnswersWithFallback([], { provider, ...fields } as Anything);
const answers = (given: unknown) => () => gradeAnswersWithFallback(given as Anything, { provider });

class OpenAI {
  responses = { create: () => {} };
  chat = { completions: { create: () => {} } };
}
class Anthropic {
  messages = { create: () => {} };
}
const openai = new OpenAI() as Anything;
const anthropic = new Anthropic() as Anything;
const numeric = (fields: object) => question({ kind: 'numeric', numeric: { value: 5, ...fields } });
const choice = (fields: object) => question({ kind: 'multiple_choice', choices, ...fields });
const criteria = (fields: object) => question({ rubric: { criteria: [{ id: 'a', description: 'b', ...fields }] } });
const PROVIDER_RULE = 'provider must be a provider with a grade() or generate() method';

const mistakes: readonly Mistake[] = [
  // Questions: near misses of fields.
  [question({ maxScore: 10 }), 'question.maxScore', 'did you mean scoreMaximum?', 'received 10'],
  [question({ max_score: 10 }), 'question.max_score', 'did you mean scoreMaximum?'],
  [question({ score_maximum: 10 }), 'did you mean scoreMaximum?'],
  [question({ maximumScore: 10 }), 'did you mean scoreMaximum?'],
  [question({ scoreMax: 10 }), 'did you mean scoreMaximum?'],
  [question({ maxPoints: 10 }), 'did you mean scoreMaximum?'],
  [question({ points: 4 }), 'question.points', 'did you mean scoreMaximum?'],
  [question({ referenceAnswer: 'x' }), 'question.referenceAnswer', 'did you mean referenceAnswers?'],
  [question({ reference_answers: ['x'] }), 'did you mean referenceAnswers?'],
  [question({ modelAnswer: 'x' }), 'did you mean referenceAnswers?'],
  [question({ correctAnswer: 'less dense' }), 'did you mean referenceAnswers?', 'a text of 10 characters'],
  [question({ answer: 'less dense' }), 'question.answer', 'did you mean referenceAnswers?'],
  [question({ refrenceAnswers: ['x'] }), 'did you mean referenceAnswers?'],
  [question({ criteria: [{ id: 'a', description: 'b' }] }), 'question.criteria', 'did you mean rubric.criteria?'],
  [question({ rubrics: { criteria: [] } }), 'did you mean rubric?'],
  [question({ example: [{ answer: 'x', score: 1 }] }), 'did you mean examples?'],
  [question({ misconception: [] }), 'did you mean misconceptions?'],
  [question({ passingScore: 0.7 }), 'did you mean passingScaledScore?'],
  [question({ passing_scaled_score: 0.7 }), 'did you mean passingScaledScore?'],
  [question({ graderNotes: 'be strict' }), 'did you mean graderInfo?'],
  [question({ gradingInstructions: 'be strict' }), 'did you mean graderInfo?'],
  [question({ dificulty: 0.4 }), 'did you mean difficulty?'],
  [question({ case_sensitive: true }), 'did you mean caseSensitive?'],
  [question({ languge: 'en' }), 'did you mean language?'],
  [question({ localgrading: false }), 'did you mean localGrading?'],
  [question({ type: 'numeric', numeric: { value: 5 } }), 'question.type', 'did you mean kind?'],
  [() => checkQuestion({ question: prompt }), 'question.question', 'did you mean prompt?'],
  [() => checkQuestion({ text: prompt }), 'question.text', 'did you mean prompt?'],
  [choice({ correctChoice: 1 }), 'question.correctChoice', 'did you mean correctChoices?', 'received 1'],
  [choice({ correctAnswer: 1 }), 'did you mean correctChoices?'],
  [choice({ correct_choices: [1] }), 'did you mean correctChoices?'],
  [choice({ correctIndex: 1 }), 'did you mean correctChoices?'],
  [question({ kind: 'multiple_choice', options: choices }), 'question.options', 'did you mean choices?'],
  [question({ kind: 'multiple_select', choices, correctOptions: [0] }), 'did you mean correctChoices?'],
  [numeric({ tolerence: 1 }), 'question.numeric.tolerence', 'did you mean tolerance?'],
  [numeric({ tolerance_mode: 'relative' }), 'did you mean toleranceMode?'],
  [numeric({ units: 'kg' }), 'did you mean unit?'],
  [question({ kind: 'numeric', numeric: { value: 5 }, tolerance: 1 }), 'did you mean numeric.tolerance?'],
  [question({ kind: 'numeric', value: 5 }), 'did you mean numeric.value?'],
  [question({ kind: 'numeric', answer: 5 }), 'did you mean numeric.value?'],
  [question({ kind: 'true_false', answer: true }), 'did you mean correctAnswer?'],
  [question({ kind: 'true_false', correct: true }), 'did you mean correctAnswer?'],
  [question({ kind: 'ordering', choices, order: [1, 0] }), 'did you mean correctOrder?'],
  [question({ kind: 'cloze', gaps: [{ accept: ['x'] }] }), 'did you mean blanks?'],
  [question({ kind: 'cloze', blanks: [{ answers: ['x'] }] }), 'question.blanks[0].answers', 'did you mean accept?'],
  [criteria({ weight: 2 }), 'question.rubric.criteria[0].weight', 'did you mean points?', 'received 2'],
  [criteria({ maxPoints: 2 }), 'did you mean points?'],
  [question({ rubric: { criteria: [{ id: 'a', name: 'b' }] } }), 'did you mean description?'],
  [question({ examples: [{ answer: 'x', points: 1 }] }), 'question.examples[0].points', 'did you mean score?'],
  [question({ examples: [{ response: 'x', score: 1 }] }), 'did you mean answer?'],
  [question({ referenceAnswers: [{ text: 'x', weight: 0.5 }] }), 'did you mean fraction?'],
  [question({ referenceAnswers: [{ answer: 'x' }] }), 'did you mean text?'],
  // Questions: kinds, and values that make no sense.
  [question({ choices, correctChoices: [1] }), 'question.kind must be given beside choices', "'multiple_choice'"],
  [question({ correctAnswer: true }), 'question.kind must be given beside correctAnswer', "'true_false'"],
  [question({ numeric: { value: 5 } }), 'question.kind must be given beside numeric'],
  [question({ kind: 'multipleChoice', choices }), 'question.kind must be one of', 'did you mean multiple_choice?'],
  [question({ kind: 'mcq' }), 'question.kind must be one of', 'received "mcq"'],
  [question({ kind: null }), 'question.kind must be one of', 'received null'],
  [choice({ correctChoices: [2] }), 'question.correctChoices[0]', 'at most 1', 'received 2'],
  [choice({ correctChoices: 1 }), 'question.correctChoices must be a list', 'received 1'],
  [choice({ correctChoices: ['yes'] }), 'question.correctChoices[0] must be an index, counted from 0'],
  [question({ kind: 'multiple_choice', choices: [] }), 'question.choices must be a list of at least 1'],
  [numeric({ value: '6' }), 'question.numeric.value must be a finite number', 'received "6"'],
  [numeric({ tolerance: -1 }), 'question.numeric.tolerance must be a number of at least 0', 'received -1'],
  [question({ kind: 'true_false', correctAnswer: 'true' }), 'question.correctAnswer must be true or false'],
  [
    question({ rubric: { criteria: [{ id: 'a', description: 'b', points: 3 }] }, scoreMaximum: 5 }),
    "question.scoreMaximum must be the sum of the rubric's points (3), or be left out",
    'received 5',
  ],
  [
    question({ examples: [{ answer: 'x', score: 5 }], scoreMaximum: 2 }),
    'question.examples[0].score',
    '(2)',
    'received 5',
  ],
  [question({ examples: [{ answer: 'x', score: 5 }] }), 'question.examples[0].score', 'maximum (1)', 'received 5'],
  [question({ examples: [{ answer: 'x', score: -1 }] }), 'question.examples[0].score must be points from 0'],
  [criteria({ points: '2' }), 'question.rubric.criteria[0].points must be a finite number'],
  [question({ rubric: { criteria: [] } }), 'question.rubric.criteria must be a list of at least 1'],
  [question({ rubric: [] }), 'question.rubric must be { criteria: [...] }'],
  [question({ passingScaledScore: 50 }), 'question.passingScaledScore must be a number from 0 to 1', 'received 50'],
  [question({ scoreMaximum: 0 }), 'question.scoreMaximum must be a number above 0', 'received 0'],
  [question({ scoreMaximum: '10' }), 'question.scoreMaximum must be a number above 0'],
  [() => checkQuestion({ prompt: '' }), 'question.prompt must be a text that is not empty'],
  [() => checkQuestion({}), 'question.prompt must be a text', 'received undefined'],
  [() => checkQuestion(prompt), 'question must be an object with a prompt', `a text of ${prompt.length} characters`],
  [() => checkQuestion([]), 'question must be an object with a prompt', 'an array of 0'],
  // Answers.
  [answer({ studentId: 'ada' }), 'answers[0].studentId', 'did you mean learnerId?', 'a text of 3 characters'],
  [answer({ student_id: 7 }), 'answers[0].student_id', 'did you mean learnerId?'],
  [answer({ learner_id: 'ada' }), 'did you mean learnerId?'],
  [answer({ userId: 'ada' }), 'did you mean learnerId?'],
  [answer({ learnerID: 'ada' }), 'did you mean learnerId?'],
  [answer({ answer: undefined, response: 'x' }), 'answers[0].response', 'did you mean answer?'],
  [answer({ learnerId: 7 }), 'answers[0].learnerId must be a text', 'received 7'],
  [answer({ answer: 5 }), 'answers[0].answer must be a text, a list of texts or a list of numbers'],
  [answer({ answer: null }), 'answers[0].answer must be a text', 'received null'],
  [answer({ question: prompt }), 'answers[0].question must be a question'],
  [answer({ question: undefined }), 'answers[0].question must be a question', 'received undefined'],
  [answer({ question: { prompt, maxScore: 3 } }), 'answers[0].question.maxScore', 'did you mean scoreMaximum?'],
  [answers(Promise.resolve([])), 'answers must be an array', 'a Promise: await it'],
  [answers({ question: { prompt }, answer: 'x' }), 'answers must be an array', 'one answer', 'gradeAnswer()'],
  [answers(undefined), 'answers must be an array', 'received undefined'],
  [answers('x'), 'answers must be an array', 'a text of 1 characters'],
  [answers(['x']), 'answers[0] must be { question, answer }'],
  [() => gradeAnswer([] as Anything, { provider }), 'answers[0] must be { question, answer }', 'an array of 0'],
  [() => gradeAnswersStream('abc' as Anything, { provider }), 'answers must be a list or an iterable of answers'],
  [() => gradeAnswersStream(Promise.resolve([]) as Anything, { provider }), 'a Promise: await it'],
  [() => gradeAnswersStream((() => []) as Anything, { provider }), 'answers must be a list', 'a function'],
  // Providers.
  [options({ provider: offlineProvider }), PROVIDER_RULE, 'a function: call it'],
  [options({ provider: openai }), PROVIDER_RULE, 'an OpenAI client: pass openaiProvider(client, { model })'],
  [options({ provider: anthropic }), PROVIDER_RULE, 'an Anthropic client: pass anthropicProvider(client, { model })'],
  [options({ provider: { doGenerate: () => {} } }), PROVIDER_RULE, 'pass aiSdkProvider(model)'],
  [options({ provider: [provider, openai] }), PROVIDER_RULE, 'item 1 is an OpenAI client'],
  [options({ provider: [] }), PROVIDER_RULE, 'an empty list'],
  [options({ provider: 'openai' }), PROVIDER_RULE, 'received "openai"'],
  [options({ provider: Promise.resolve(provider) }), PROVIDER_RULE, 'a Promise: await it'],
  [options({ provider: undefined }), PROVIDER_RULE, 'received undefined'],
  [options({ provider: undefined, providers: [provider] }), 'providers is not an option (did you mean provider?)'],
  [options({ provider: undefined, llm: provider }), 'llm is not an option (did you mean provider?)'],
  [
    options({ provider: { ...provider, capabilities: { maxConcurrency: 0 } } }),
    'provider.capabilities.maxConcurrency',
    'received 0',
  ],
  [
    options({ provider: { ...provider, capabilities: { maxItemsPerCall: null } } }),
    'maxItemsPerCall must be an integer',
  ],
  [
    options({ provider: [{ ...provider, capabilities: { maxItems: 3, maxItemPerCall: 3 } }] }),
    'provider[0].capabilities.maxItemPerCall',
    'did you mean maxItemsPerCall?',
  ],
  [options({ provider: { ...provider, name: 7 } }), 'provider.name must be a text'],
  [() => gradeAnswersWithFallback([], undefined as Anything), 'options must be an object with at least a provider'],
  // Options.
  [
    options({ maxConcurrentTask: 5 }),
    'maxConcurrentTask is not an option (did you mean maxConcurrentTasks?)',
    'received 5',
  ],
  [options({ concurrency: 5 }), 'did you mean maxConcurrentTasks?'],
  [options({ timeout: 5_000 }), 'timeout is not an option (did you mean attemptTimeoutMs?)', 'received 5000'],
  [options({ retries: 3 }), 'retries is not an option (did you mean retry.maxAttempts?)'],
  [options({ retry: { attempts: 3 } }), 'retry.attempts is not an option (did you mean maxAttempts?)'],
  [options({ retry: { maxRetries: 3 } }), 'retry.maxRetries', 'did you mean maxAttempts?'],
  [options({ retry: true }), 'retry must be false or an object', 'received true'],
  [options({ temperature: 0 }), 'temperature is not an option: models that think refuse sampling parameters'],
  [options({ systemPrompt: 'Be strict.' }), 'did you mean instructions?', 'a text of 10 characters'],
  [options({ batchsize: 5 }), 'did you mean batchSize?'],
  [options({ feedback: { lang: 'de' } }), 'feedback.lang', 'did you mean language?'],
  [options({ limits: { rpm: 60 } }), 'limits.rpm', 'did you mean requestsPerMinute?'],
  [
    options({ mode: 'Parallel' }),
    "mode must be one of 'auto', 'parallel', 'batch', 'sequential'",
    'received "Parallel"',
  ],
  [options({ maxConcurrentTasks: '5' }), 'maxConcurrentTasks must be an integer from 1 to 10', 'received "5"'],
  [options({ maxConcurrentTasks: 50 }), 'maxConcurrentTasks must be an integer from 1 to 10', 'received 50'],
  [options({ budget: { spent: 0 } }), 'budget.spent must come from createBudget()', 'received 0'],
  [options({ budget: { maxCost: 1 } }), 'budget must have prices beside maxCost'],
  [options({ budget: 5 }), 'budget must be { maxTokens', 'received 5'],
  [options({ cache: () => {} }), 'cache must be a store with get and set methods', 'a function'],
  [options({ cache: { store: new Map(), ttl: 60 } }), 'cache.ttl', 'did you mean ttlMs?'],
  [options({ signal: new AbortController() }), 'signal must be an AbortSignal', 'an object'],
  [options({ onEvent: 'log' }), 'onEvent must be a function', 'received "log"'],
  [options({ order: 'random' }), "order must be one of 'input'", 'received "random"'],
  [
    () => createBudget(undefined as Anything),
    'budget must be { maxTokens, maxRequests, maxCost, prices }',
    'received undefined',
  ],
  [() => createBudget({ maxToken: 5 } as Anything), 'budget.maxToken is not an option (did you mean maxTokens?)'],
  [() => createConcurrencyController({ concurrency: 5 } as Anything), 'did you mean maxConcurrentTasks?'],
  [() => createConcurrencyController({ maxConcurrentTasks: 0 }), 'maxConcurrentTasks must be an integer of at least 1'],
  [() => createGrader({} as Anything), PROVIDER_RULE, 'received undefined'],
  [() => createGrader({ provider, maxConcurrentTasks: 11 }), 'maxConcurrentTasks must be an integer from 1 to 10'],
  [
    () => createGrader({ provider }).gradeAnswersWithFallback([], { concurency: 3 } as Anything),
    'concurency is not an option',
  ],
  [() => selectProcessingMode(1.5), 'answerCount must be a whole number of at least 0', 'received 1.5'],
  [() => selectProcessingMode(3, 'fast' as Anything), "mode must be 'auto', 'parallel', 'batch' or 'sequential'"],
  [
    () => estimateCost([{ question: { prompt }, answer: 3 } as Anything], { provider }),
    'answers[0].answer must be a text',
  ],
  [
    () => gradeAnswersConcurrently([], { provider, limits: { requestsPerMinute: 0 } }),
    'limits.requestsPerMinute must be a number above 0',
  ],
  [
    () => gradeAnswersInBatch([], { provider, batchSize: 0 }),
    'batchSize must be an integer from 1 to 10',
    'received 0',
  ],
  [() => gradeAnswersStream([], { provider, emit: 'sorted' as Anything }), "emit must be 'input' or 'completed'"],
  // Adapters.
  [
    () => openaiProvider(OpenAI as Anything, { model: 'm' }),
    'client must be a client of the openai package',
    'a class or function: pass new OpenAI()',
  ],
  [
    () => openaiProvider({ model: 'm' } as Anything, undefined as Anything),
    'options: pass new OpenAI() first, then the options',
  ],
  [
    () => openaiProvider(openai, undefined as Anything),
    'options must be an object with at least model',
    'received undefined',
  ],
  [
    () => openaiProvider(undefined as Anything, undefined as Anything),
    'client must be a client of the openai package',
    'received undefined',
  ],
  [() => openaiProvider(openai, 'gpt-6-luna' as Anything), 'options must be an object with at least model', 'a text'],
  [() => openaiProvider(openai, {} as Anything), 'model must be a text that is not empty', 'received undefined'],
  [
    () => openaiProvider(openai, { model: 'm', topP: 0 } as Anything),
    'topP is not an option: models that think refuse',
  ],
  [() => openaiProvider(openai, { model: 'm', reasoningEffort: 'low' } as Anything), 'did you mean effort?'],
  [() => anthropicProvider(Anthropic as Anything, { model: 'm' }), 'pass new Anthropic()'],
  [() => anthropicProvider(openai, { model: 'm' }), 'client must be a client of @anthropic-ai/sdk', 'an object'],
  [() => anthropicProvider(anthropic, { model: 'm', maxTokens: 5 } as Anything), 'the room for verdicts is computed'],
  [() => anthropicProvider('sk-ant-1' as Anything, { model: 'm' }), 'a text: keys belong to the client'],
  [() => aiSdkProvider('gpt-6-luna' as Anything), 'model must be a language model of the AI SDK'],
  [() => offlineProvider({ threshold: 0.4 } as Anything), 'threshold is not an option; there are name, cut'],
  [() => offlineProvider({ cut: 2 }), 'cut must be a number above 0 and below 1', 'received 2'],
];

async function messageOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    if (isGradingOptionsError(error)) return error.message;
    throw error;
  }
  return 'it was accepted';
}

test('at least the 122 mistakes of an app developer are tried', () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(122);
});

test.each(mistakes.map(([call, ...parts]) => ({ call, parts })))('says: $parts', async ({ call, parts }) => {
  const message = await messageOf(call);
  for (const part of parts) expect(message).toContain(part);
  expect(message).toMatch(/: received .+$/);
});

describe('secrets', () => {
  test.each([
    options({ apiKey: KEY }),
    options({ mode: KEY }),
    options({ provider: KEY }),
    options({ order: KEY }),
    options({ cache: KEY }),
    options({ retry: { apiKey: KEY } }),
    options({ clock: KEY }),
    answer({ apiKey: KEY, learnerId: 7 }),
    question({ kind: KEY }),
    () => createBudget(KEY as Anything),
    () => openaiProvider(KEY as Anything, { model: 'm' }),
    () => openaiProvider(openai, KEY as Anything),
    () => openaiProvider(openai, { model: 'm', apiKey: KEY } as Anything),
    () => openaiProvider(openai, { model: 'm', effort: KEY } as Anything),
    () => anthropicProvider(KEY as Anything, { model: 'm' }),
    () => aiSdkProvider(KEY as Anything),
    () => selectProcessingMode(3, KEY as Anything),
    () => gradeAnswersStream([], { provider, emit: KEY as Anything }),
  ])('a key passed by mistake is never printed: %#', async (call) => {
    const message = await messageOf(call);
    expect(message).not.toContain(KEY.slice(0, 17));
    expect(message).toContain(': received');
  });
});

describe('what is no mistake', () => {
  test.each<[string, object]>([
    [
      'columns that no question has',
      { created_at: new Date(), quiz_id: 7, deckId: 'd', tags: ['x'], hint: 'h', content: 'c' },
    ],
    ['another name beside the field itself', { maxScore: 10, scoreMaximum: 10 }],
    ['a near miss without a value', { maxScore: null, referenceAnswer: undefined }],
    ['rows that belong to a question', { answers: [{ id: 1, text: 'x' }], criteria: [] }],
    ['empty columns of other kinds', { choices: [], correctChoices: null, pairs: [] }],
    ['the key of a document store', { _id: { toString: () => 'x' } }],
    ['a name of 10,000 characters', { ['x'.repeat(10_000)]: 1 }],
  ])('%s', (_, fields) => {
    expect(checkQuestion({ prompt, ...fields })).toMatchObject({ prompt });
  });

  test('a rubric that sums to the maximum but for the dust of fractions', () => {
    const points = [0.1, 0.2, 0.3].map((each, index) => ({ id: `c${index}`, description: 'd', points: each }));
    expect(() => checkQuestion({ prompt, rubric: { criteria: points }, scoreMaximum: 0.6 })).not.toThrow();
  });

  test('points below 0 do not count against the maximum', () => {
    const both = [
      { id: 'a', description: 'd', points: 2 },
      { id: 'b', description: 'd', points: -1 },
    ];
    expect(() => checkQuestion({ prompt, rubric: { criteria: both }, scoreMaximum: 2 })).not.toThrow();
  });
});
