import type { GradingFailure } from './failure.js';

/** How answers are sent: several calls at once, several answers in a call, or one call after the other. */
export type ProcessingMode = 'parallel' | 'batch' | 'sequential';

/** The FSRS rating: 1 Again, 2 Hard, 3 Good, 4 Easy (never suggested from correctness alone). */
export type SuggestedRating = 1 | 2 | 3 | 4;

/** What graded an answer: a rule, a word-for-word match, a language model, or the offline grader. */
export type GradedBy = 'rule' | 'exact' | 'llm' | 'offline';

/** Tokens of one call, or summed over several. Input counts include what was read from or written to a cache. */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/**
 * Words of the learner's answer, as positions in its own text: UTF-16 units, the end not included, so that
 * `answer.slice(start, end)` are the words. An answer in several parts counts as its parts joined by line feeds, chosen
 * options as their texts.
 */
export interface EvidenceSpan {
  start: number;
  end: number;
}

/** The marks for one criterion, in points. */
export interface CriterionScore {
  id: string;
  scoreGiven: number;
  scoreMaximum: number;
  /** Position among the criterion's described `levels`, from 0; absent where marks lie between two, or it has none. */
  level?: number | undefined;
  /** For the teacher: why these marks. */
  comment?: string | undefined;
  /** The words that earned or cost the marks, found in the answer; absent where none were named or found. */
  evidence?: readonly EvidenceSpan[] | undefined;
}

/** One part of an answer that a rule decided: an option, a place, a pair or a gap. In points. */
export interface AnswerPart {
  /** Position from 0 among the question's choices (several of them), places in the order, pairs or blanks. */
  index: number;
  isCorrect: boolean;
  /** Negative for an option that was chosen wrongly; the sum is floored at 0. */
  scoreGiven: number;
  /** 0 for an option that is right to leave out. */
  scoreMaximum: number;
}

/** What one call made of an answer that was asked about more than once. */
export interface GradeOpinion {
  /** 0..1 */
  scaledScore: number;
  /** 0..1, as the provider states it. */
  confidence?: number | undefined;
  provider: string;
  model?: string | undefined;
  requestId?: string | undefined;
}

/** A grade. Plain data that survives `JSON.stringify`. */
export interface GradedAnswer {
  status: 'graded';
  /** Position in the input, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /**
   * Names everything that decides the grade: what `resumeFrom` knows it by. Set in runs with `onResult` or `resumeFrom`,
   * and for what was looked up in a cache.
   */
  key?: string | undefined;
  /** Points earned, 0..`scoreMaximum`. */
  scoreGiven: number;
  scoreMaximum: number;
  /** `scoreGiven / scoreMaximum`, 0..1, rounded to 1e-6. */
  scaledScore: number;
  /** `scaledScore` reaches the question's `passingScaledScore`. */
  isCorrect: boolean;
  /** For the learner: plain text. */
  feedback?: string | undefined;
  /** For the teacher: why these marks. */
  rationale?: string | undefined;
  criteria?: readonly CriterionScore[] | undefined;
  /** For a grade without criteria: the words that earned or cost the marks, found in the answer. */
  evidence?: readonly EvidenceSpan[] | undefined;
  /** Quotes of the grader that the answer does not hold, and which were dropped; absent where there were none. */
  evidenceDropped?: number | undefined;
  /** Marks part by part, where a rule decided a question with several. */
  parts?: readonly AnswerPart[] | undefined;
  /** 0..1: what the grader states, lowered where the offline grader contradicts it or further opinions differ. */
  confidence?: number | undefined;
  /** All opinions, in the order they came, where the answer was asked about more than once. */
  opinions?: readonly GradeOpinion[] | undefined;
  suggestedRating: SuggestedRating;
  gradedBy: GradedBy;
  /** From a cache or an earlier run (`resumeFrom`): this run made no call for it. */
  fromCache: boolean;
  /** A person should look at this grade; `reviewReasons` says why. */
  needsReview: boolean;
  /**
   * Why a person should look, several reasons at most:
   *
   * - `manipulation`, `hidden_characters`: the answer earned marks and may try to move them, or hides characters.
   * - `answer_truncated`: the model read only the beginning of a long answer.
   * - `off_topic`, `contradiction`: nearly full marks, though the grader says that.
   * - `reference_doubtful`: the grader doubts the reference answer.
   * - `low_confidence`: the grader is less than half sure.
   * - `offline_disagreement`: the offline grader contradicts the model's marks.
   * - `offline_stand_in`: graded by a local provider, because those before it in the chain could not.
   * - `opinions_differ`, `second_opinion_missing`: of `samples`.
   * - `outside_policy`: the policy of the option `review` does not let this grade go without a review.
   */
  reviewReasons: readonly string[];
  /** Absent when no model was asked. */
  mode?: ProcessingMode | undefined;
  /** The rule that decided, for `gradedBy: 'rule' | 'exact'`. */
  rule?: string | undefined;
  /**
   * What the grader noticed about the answer, e.g. `'manipulation'`; `'evidence_not_found'` where marks were given for
   * words that the answer does not hold.
   */
  flags?: readonly string[] | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  promptVersion?: string | undefined;
  requestId?: string | undefined;
  /** Calls that carried this answer, over all modes and providers. */
  attempts: number;
  /**
   * Time in calls, in milliseconds. Two copies of a late call (`hedge`) both count, also while they ran side by side, so
   * that this can be more than the time that passed.
   */
  durationMs: number;
  /** The rest of the time until the answer was settled, in milliseconds; never below 0. */
  queuedMs: number;
  /** This answer's even share of the tokens of its calls. */
  usage?: TokenUsage | undefined;
}

/** An answer that could not be graded. It has no score: an outage is never a wrong answer. */
export interface FailedAnswer {
  status: 'failed';
  /** Position in the input, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** As that of a grade. */
  key?: string | undefined;
  error: GradingFailure;
  /** The last mode tried; absent when no call was made. */
  mode?: ProcessingMode | undefined;
  attempts: number;
  durationMs: number;
  queuedMs: number;
  usage?: TokenUsage | undefined;
}

/**
 * What became of one answer, told apart by `status`.
 *
 * @example
 * ```ts
 * import type { GradingResult } from 'gradelanes';
 *
 * const describe = (result: GradingResult): string =>
 *   result.status === 'graded' ? `${result.scoreGiven}/${result.scoreMaximum}` : result.error.message;
 * ```
 */
export type GradingResult = GradedAnswer | FailedAnswer;
