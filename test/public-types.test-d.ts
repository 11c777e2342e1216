import { expectTypeOf } from 'vitest';
import {
  createGrader,
  gradeAnswer,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersSequentially,
  gradeAnswersWithFallback,
  isGradingAborted,
  isGradingOptionsError,
  isProviderError,
  selectProcessingMode,
  type AnswerToGrade,
  type CallContext,
  type FailedAnswer,
  type FailureCode,
  type GradedAnswer,
  type GradingAbortedError,
  type GradingEvent,
  type GradingItem,
  type GradingOptions,
  type GradingOptionsError,
  type GradingProvider,
  type GradingReport,
  type GradingResult,
  type LLMProvider,
  type ParallelProcessingMetrics,
  type ProcessingMode,
  type Provider,
  type ProviderError,
  type Question,
  type QuestionKind,
  type Verdict,
} from 'gradelanes';
import type * as z from 'zod/mini';
import type { answerSchema, questionSchemas } from '../src/input/answer-schemas.js';
import type {
  cacheSchema,
  feedbackSchema,
  gradingOptionsSchema,
  localGradingSchema,
  retrySchema,
} from '../src/input/option-schemas.js';
import type { CacheOptions, FeedbackOptions, LocalGradingSwitches, RetryOptions } from 'gradelanes';

declare const provider: GradingProvider;
declare const answer: AnswerToGrade;
declare const answers: readonly AnswerToGrade[];

// Results have as many elements as the answers.
const three = await gradeAnswersWithFallback([answer, answer, answer], { provider });
expectTypeOf(three.results).toEqualTypeOf<readonly [GradingResult, GradingResult, GradingResult]>();
expectTypeOf(three.results.length).toEqualTypeOf<3>();
expectTypeOf((await gradeAnswersConcurrently([answer], { provider })).results.length).toEqualTypeOf<1>();
expectTypeOf((await gradeAnswersInBatch([answer, answer], { provider })).results.length).toEqualTypeOf<2>();
expectTypeOf((await gradeAnswersSequentially([], { provider })).results.length).toEqualTypeOf<0>();
expectTypeOf((await gradeAnswersWithFallback(answers, { provider })).results).toEqualTypeOf<readonly GradingResult[]>();
const grader = createGrader({ provider });
expectTypeOf((await grader.gradeAnswersWithFallback([answer, answer])).results.length).toEqualTypeOf<2>();
expectTypeOf(await gradeAnswer(answer, { provider })).toEqualTypeOf<GradingResult>();
// A report of any length is a report.
expectTypeOf(three).toExtend<GradingReport>();
expectTypeOf<GradingReport['results']>().toEqualTypeOf<readonly GradingResult[]>();

// A failed answer has no score, and the compiler makes sure that nobody reads one.
expectTypeOf<
  keyof FailedAnswer & ('scoreGiven' | 'scoreMaximum' | 'scaledScore' | 'isCorrect' | 'suggestedRating' | 'criteria')
>().toBeNever();
declare const result: GradingResult;
// @ts-expect-error It may have failed.
void result.scoreGiven;
// @ts-expect-error It may have failed.
void result.isCorrect;
if (result.status === 'graded') {
  expectTypeOf(result).toEqualTypeOf<GradedAnswer>();
  expectTypeOf(result.scoreGiven).toBeNumber();
  expectTypeOf(result.suggestedRating).toEqualTypeOf<1 | 2 | 3 | 4>();
} else {
  expectTypeOf(result).toEqualTypeOf<FailedAnswer>();
  expectTypeOf(result.error.code).toEqualTypeOf<FailureCode>();
}

// What the checks let through is what the interfaces say.
expectTypeOf<z.output<typeof gradingOptionsSchema>>().toEqualTypeOf<GradingOptions>();
expectTypeOf<z.output<typeof retrySchema>>().toEqualTypeOf<RetryOptions>();
expectTypeOf<z.output<typeof cacheSchema>>().toEqualTypeOf<CacheOptions>();
expectTypeOf<z.output<typeof feedbackSchema>>().toEqualTypeOf<FeedbackOptions>();
expectTypeOf<z.output<typeof localGradingSchema>>().toEqualTypeOf<LocalGradingSwitches>();
expectTypeOf<keyof typeof questionSchemas>().toEqualTypeOf<QuestionKind>();
expectTypeOf<z.output<(typeof questionSchemas)[QuestionKind]>>().toEqualTypeOf<Question>();
expectTypeOf<Omit<z.output<typeof answerSchema>, 'question'>>().toEqualTypeOf<Omit<AnswerToGrade, 'question'>>();

// Providers are one line, at either level.
expectTypeOf({
  grade: async (items: readonly GradingItem[]) => items.map((item) => ({ id: item.id, score: 1 })),
}).toExtend<Provider>();
expectTypeOf({ generate: async () => '{"results":[]}' }).toExtend<LLMProvider>();
expectTypeOf({ generate: async () => ({ text: '', stop: 'length' as const }) }).toExtend<Provider>();
const oneLine: GradingProvider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
const refusing: GradingProvider = { grade: async (items) => items.map(({ id }) => ({ id, refused: true })) };
const byCriteria: GradingProvider = {
  grade: async (items) => items.map(({ id }) => ({ id, criteria: [{ id: 'a', score: 1 }], confidence: 0.5 })),
};
class Custom implements GradingProvider {
  async grade(items: readonly GradingItem[], { signal }: CallContext): Promise<readonly Verdict[]> {
    return signal.aborted ? [] : items.map(({ id }) => ({ id, score: 0.5, flags: ['off_topic'] }));
  }
}
void gradeAnswer(answer, { provider: [oneLine, refusing, byCriteria, new Custom()] });
// @ts-expect-error A provider has grade() or generate().
void gradeAnswer(answer, { provider: {} });
// @ts-expect-error A chain has at least one provider.
void gradeAnswer(answer, { provider: [] });
// @ts-expect-error A score is a number.
void gradeAnswer(answer, { provider: { grade: async () => [{ id: 'x', score: 'high' }] } });

// Rows of a database fit as they are: undefined means the default, null does not.
const row: AnswerToGrade = {
  id: undefined,
  learnerId: undefined,
  answer: 'x',
  question: {
    id: undefined,
    kind: undefined,
    prompt: 'Why?',
    referenceAnswers: undefined,
    rubric: undefined,
    scoreMaximum: undefined,
    passingScaledScore: undefined,
    examples: undefined,
    misconceptions: undefined,
    graderInfo: undefined,
    context: undefined,
    difficulty: undefined,
    caseSensitive: undefined,
    language: undefined,
    localGrading: undefined,
  },
};
void row;
expectTypeOf<
  { [Name in Exclude<keyof GradingOptions, 'provider'>]: undefined } & { provider: Provider }
>().toExtend<GradingOptions>();
// @ts-expect-error null is no default.
const nullRow: AnswerToGrade = { answer: 'x', question: { prompt: 'Why?', scoreMaximum: null } };
void nullRow;

// Data may be deeply read-only.
const frozen = {
  question: { kind: 'multiple_choice', prompt: 'Which?', choices: ['a', 'b'], correctChoices: [0] },
  answer: ['a'],
} as const;
void gradeAnswersWithFallback([frozen, frozen] as const, { provider });

// Each kind has its key, and only its own.
void ({ kind: 'true_false', prompt: 'x', correctAnswer: true } satisfies Question);
// @ts-expect-error The key is missing.
void ({ kind: 'true_false', prompt: 'x' } satisfies Question);
// @ts-expect-error Choices are missing.
void ({ kind: 'multiple_select', prompt: 'x', correctChoices: [0] } satisfies Question);
// @ts-expect-error Numbers have no choices.
void ({ kind: 'numeric', prompt: 'x', numeric: { value: 1 }, choices: ['a'] } satisfies Question);

// Single modes take no mode, and the modes are spelled.
// @ts-expect-error The name of the function is the mode.
void gradeAnswersInBatch([answer], { provider, mode: 'parallel' });
// @ts-expect-error No such mode.
void gradeAnswersWithFallback([answer], { provider, mode: 'turbo' });
// @ts-expect-error Options have no such name.
void gradeAnswersWithFallback([answer], { provider, maxConcurrency: 3 });
// @ts-expect-error A provider is required.
void gradeAnswersWithFallback([answer], {});
expectTypeOf(selectProcessingMode(3)).toEqualTypeOf<ProcessingMode>();

// Listeners may be async.
void gradeAnswer(answer, {
  provider,
  onResult: async ({ index }) => void index,
  onEvent: (event: GradingEvent) => void event,
});

// Guards narrow.
declare const thrown: unknown;
if (isProviderError(thrown)) expectTypeOf(thrown).toEqualTypeOf<ProviderError>();
if (isGradingOptionsError(thrown)) expectTypeOf(thrown).toEqualTypeOf<GradingOptionsError>();
if (isGradingAborted(thrown)) {
  expectTypeOf(thrown).toEqualTypeOf<GradingAbortedError>();
  expectTypeOf(thrown.report).toEqualTypeOf<GradingReport>();
}

// What is not always measured may be undefined, and the compiler says so.
expectTypeOf<ParallelProcessingMetrics['speedup']>().toEqualTypeOf<number | undefined>();
expectTypeOf<ParallelProcessingMetrics['averageTaskDurationMs']>().toEqualTypeOf<number | undefined>();
expectTypeOf<ParallelProcessingMetrics['totalProcessingTimeMs']>().toEqualTypeOf<number>();

// Events are told apart by their type.
declare const event: GradingEvent;
if (event.type === 'answer-graded') expectTypeOf(event.result).toEqualTypeOf<GradedAnswer>();
if (event.type === 'answer-failed') expectTypeOf(event.result).toEqualTypeOf<FailedAnswer>();
if (event.type === 'run-ended') expectTypeOf(event.metrics).toEqualTypeOf<ParallelProcessingMetrics>();
