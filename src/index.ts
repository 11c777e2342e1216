/** The root entry: everything an app needs to grade answers with any provider. Imports no SDK and nothing of Node. */
import { requirePlatform } from './contract/platform.js';

export {
  gradeAnswer,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersSequentially,
  gradeAnswersWithFallback,
} from './engine/grade-answers.js';
export { gradeAnswersStream } from './engine/grade-answers-stream.js';
export { createGrader, DEFAULT_CLOSE_GRACE_MS } from './engine/create-grader.js';
export { answerFromForm } from './input/answer-from-form.js';
export { checkQuestion } from './input/check-question.js';
export { createBudget } from './input/create-budget.js';
export { questionForLearners, type LearnerQuestion } from './input/question-for-learners.js';
export { createConcurrencyController, DEFAULT_MAX_CONCURRENT_TASKS } from './engine/limits/create-controller.js';
export { estimateCost } from './engine/estimate-cost.js';
export { BATCH_FROM_ANSWERS, PARALLEL_FROM_ANSWERS, selectProcessingMode } from './contract/mode.js';
export { promptGrader } from './grading/prompt/prompt-grader.js';
export {
  GradingAbortedError,
  GradingOptionsError,
  isGradingAborted,
  isGradingOptionsError,
  isProviderError,
  ProviderError,
} from './contract/errors.js';
export {
  DEFAULT_ABORT_GRACE_MS,
  DEFAULT_ATTEMPT_TIMEOUT_MS,
  DEFAULT_BATCH_SIZE,
  DEFAULT_FEEDBACK_CHARACTERS,
  DEFAULT_HEDGE,
  DEFAULT_RETRY,
} from './input/resolved-options.js';
export { DEFAULT_MAX_ANSWER_CHARACTERS } from './contract/question.js';
export { DEFAULT_PASSING_SCALED_SCORE } from './contract/question.js';
export { PROMPT_VERSION } from './grading/prompt/prompt-grader-options.js';

requirePlatform();

export type { Clock } from './contract/clock.js';
export type {
  AdaptiveOptions,
  ConcurrencyController,
  ConcurrencyControllerOptions,
  ConcurrencySnapshot,
  LimiterRequest,
  RateLimits,
  SharedLimiter,
} from './contract/controller.js';
export type { ProviderErrorOptions } from './contract/errors.js';
export type { FailureCode, FailureScope, GradingFailure } from './contract/failure.js';
export type { SingleModeOptions } from './engine/grade-answers.js';
export type { GradingStream, GradingStreamOptions, GradingStreamSource } from './engine/grade-answers-stream.js';
export type {
  Grader,
  GraderCallOptions,
  GraderSingleModeOptions,
  GraderStreamOptions,
} from './engine/create-grader.js';
export type {
  AnswerFailedEvent,
  AnswerGradedEvent,
  AnswerStartedEvent,
  CacheFailedEvent,
  CallEndedEvent,
  CallHedgedEvent,
  CallRetriedEvent,
  CallStartedEvent,
  CircuitChangedEvent,
  FallbackTakenEvent,
  GradingEvent,
  LimitChangedEvent,
  ProviderPausedEvent,
  RunEndedEvent,
  RunStartedEvent,
} from './contract/grading-event.js';
export type {
  Budget,
  BudgetOptions,
  CacheOptions,
  FeedbackOptions,
  GradeCache,
  GradingOptions,
  GradingProgress,
  GuardOptions,
  HedgeOptions,
  Logger,
  PriceTable,
  ResultLookup,
  RetryOptions,
  SampleOptions,
  Spending,
  TokenPrice,
} from './contract/grading-options.js';
export type { ModeSelectionOptions } from './contract/mode.js';
export type {
  CallContext,
  CallReport,
  CriteriaVerdict,
  CriterionVerdict,
  CallOrigin,
  GradingItem,
  GradingProvider,
  JsonSchema,
  LimitKey,
  LLMProvider,
  MalformedVerdict,
  ModelReply,
  ModelRequest,
  Provider,
  ProviderCapabilities,
  RateLimitHint,
  RefusedVerdict,
  RepeatedPrefix,
  ScoreVerdict,
  Verdict,
  VerdictNotes,
} from './contract/provider.js';
export type {
  AnswerToGrade,
  ClozeBlank,
  ClozeQuestion,
  CriterionLevel,
  FreeTextQuestion,
  GradedExample,
  LocalGrading,
  LocalGradingSwitches,
  MatchingQuestion,
  Misconception,
  MultipleChoiceQuestion,
  MultipleSelectQuestion,
  NumericKey,
  NumericQuestion,
  OrderingQuestion,
  PartScoring,
  Question,
  QuestionBase,
  QuestionKind,
  ReferenceAnswer,
  Rubric,
  RubricCriterion,
  TrueFalseQuestion,
} from './contract/question.js';
export type {
  CostEstimate,
  FallbackStep,
  GradingReport,
  LatencySummary,
  LimitChange,
  ParallelProcessingMetrics,
  ProcessingModeRequest,
  ProcessingModeUsed,
  QueueSummary,
  ResultsFor,
} from './contract/report.js';
export type {
  AnswerPart,
  CriterionScore,
  EvidenceSpan,
  FailedAnswer,
  GradedAnswer,
  GradedBy,
  GradeOpinion,
  GradingResult,
  ProcessingMode,
  SuggestedRating,
  TokenUsage,
} from './contract/result.js';
export type { ReviewPolicy, ReviewSignal } from './contract/review-policy.js';
export type { Prompt, PromptGraderOptions, PromptOptions } from './grading/prompt/prompt-grader-options.js';
