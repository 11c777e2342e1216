import { DEFAULT_PASSING_SCALED_SCORE, type Question } from '../../contract/question.js';
import type { GradedBy } from '../../contract/result.js';
import { checkFeedback } from './check-feedback.js';
import { reviewReasons } from './review-reasons.js';
import { secondOpinion } from './word-overlap.js';

/** A checked verdict, and the answer it is about. */
export interface VerdictToGuard {
  question: Question;
  /** Material for the question: its own, else the run's. */
  context?: string | undefined;
  /** What came of the answer before it was asked about. */
  answer: { text: string; flags: readonly string[]; mentionsMarking: boolean };
  gradedBy: GradedBy;
  /** 0..1 */
  scaledScore: number;
  /** Send more grades to review. @default false */
  isStrict?: boolean | undefined;
  feedback?: string | undefined;
  /** From the grader. */
  flags?: readonly string[] | undefined;
  /** 0..1 */
  confidence?: number | undefined;
  revealReference: boolean;
  /** The teacher's marking instructions, which no learner may read. */
  instructions?: string | undefined;
}

/**
 * A model's marks that its words flatly contradict are right in fewer than two of three cases (marks of GPT-4 on real
 * quiz answers).
 */
const DISPUTED_CONFIDENCE = 0.6;

/** What goes into the grade. */
export interface GuardedVerdict {
  feedback?: string;
  /** 0..1 */
  confidence?: number;
  flags: readonly string[];
  reviewReasons: readonly string[];
}

/** Checks what a grader wrote for the learner, and decides whether a person should look at the grade. */
export function guardVerdict(verdict: VerdictToGuard): GuardedVerdict {
  const { question, context, answer, gradedBy, scaledScore, confidence, revealReference, instructions } = verdict;
  const shown = { question, answer: answer.text, revealReference, instructions };
  const { feedback, flags } = checkFeedback(verdict.feedback, shown);
  const allFlags = [...new Set([...answer.flags, ...(verdict.flags ?? []), ...flags])];
  const reasons = reviewReasons({
    gradedBy,
    scaledScore,
    flags: allFlags,
    mentionsMarking: answer.mentionsMarking,
    confidence,
    isPassing: scaledScore >= (question.passingScaledScore ?? DEFAULT_PASSING_SCALED_SCORE),
    isStrict: verdict.isStrict ?? false,
    secondOpinion: () => (gradedBy === 'llm' ? secondOpinion(question, answer.text, context) : undefined),
  });
  const trusted = reasons.includes('offline_disagreement')
    ? Math.min(confidence ?? 1, DISPUTED_CONFIDENCE)
    : confidence;
  return {
    ...(feedback !== undefined && { feedback }),
    ...(trusted !== undefined && { confidence: trusted }),
    flags: allFlags,
    reviewReasons: reasons,
  };
}
