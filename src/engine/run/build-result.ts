import type { GradingFailure } from '../../contract/failure.js';
import type { CallReport, CriteriaVerdict, ScoreVerdict } from '../../contract/provider.js';
import type { FailedAnswer, GradedAnswer, GradingResult } from '../../contract/result.js';
import { attachEvidence, EVIDENCE_NOT_FOUND, type EvidencedScore } from '../../grading/marks/attach-evidence.js';
import { partsInPoints, scoreFromShare, scoreOf } from '../../grading/marks/score.js';
import type { LocalGrade } from '../../grading/rules/grade-locally.js';
import { answerText } from '../../grading/text/answer-text.js';
import { assignDefined } from '../../json/defined.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from './grading-run.js';
import type { GradeSource } from './link.js';
import type { PendingAnswer } from './pending-answer.js';

/** Additions of further opinions to a grade. */
export interface Further {
  readonly opinions?: GradedAnswer['opinions'];
  readonly reviewReasons: readonly string[];
}

/** The usual case: one opinion, in no doubt. */
const NOTHING_FURTHER: Further = { reviewReasons: [] };

/** The grade that a checked verdict comes to. */
export function gradedAnswer(
  link: GradeSource,
  pending: PendingAnswer,
  verdict: ScoreVerdict | CriteriaVerdict,
  report: CallReport,
  further: Further = NOTHING_FURTHER,
): GradedAnswer {
  const { run, provider } = link;
  const { isUnfounded, ...score } = evidencedScore(run, pending, verdict);
  const gradedBy = gradedByOf(provider);
  // The guards go first: they may change the feedback, add flags, lower the confidence, or ask for a review.
  const notes = guardedNotes(link, pending, verdict, score.scaledScore);
  const standIn = isStandIn(provider) ? ['offline_stand_in'] : [];
  const flags = [...(notes.flags ?? []), ...(isUnfounded ? [EVIDENCE_NOT_FOUND] : [])];
  const reviewReasons = [...standIn, ...notes.reviewReasons, ...further.reviewReasons];
  const result: GradedAnswer = {
    status: 'graded',
    index: pending.index,
    ...score,
    gradedBy,
    fromCache: false,
    needsReview: reviewReasons.length > 0,
    reviewReasons,
    provider: provider.name,
    ...effort(run, pending),
  };
  return assignDefined(result, {
    ...identity(pending),
    feedback: cutAtWord(notes.feedback, run.options.feedback?.maxCharacters),
    rationale: verdict.rationale,
    confidence: notes.confidence,
    opinions: further.opinions,
    flags: flags.length === 0 ? undefined : flags,
    model: report.model,
    requestId: report.requestId,
    promptVersion: provider.promptVersion,
    usage: pending.effort.usage,
  });
}

/** The marks, with the learner's words behind them where the run asks for evidence. */
function evidencedScore(
  { options }: GradeSource['run'],
  { source: { question, answer } }: PendingAnswer,
  verdict: ScoreVerdict | CriteriaVerdict,
): EvidencedScore {
  const score = scoreOf(question, verdict);
  // Without evidence nothing can be unfounded.
  if (!options.evidence) return { ...score, isUnfounded: false };
  return attachEvidence(question, verdict, score, answerText(question, answer));
}

/**
 * A verdict's feedback, flags and confidence after the guards have checked them; without guards they are taken as they
 * came.
 */
export function guardedNotes(
  { run, provider }: GradeSource,
  { source: { question }, guarded }: PendingAnswer,
  { feedback, flags, confidence }: ScoreVerdict | CriteriaVerdict,
  scaledScore: number,
): Pick<GradedAnswer, 'feedback' | 'confidence' | 'flags' | 'reviewReasons'> {
  if (run.guards === undefined || guarded === undefined) return { feedback, confidence, flags, reviewReasons: [] };
  return run.guards.guardVerdict({
    question,
    context: question.context ?? run.options.context,
    answer: guarded,
    gradedBy: gradedByOf(provider),
    scaledScore,
    isStrict: run.options.guards?.strict,
    feedback,
    flags,
    confidence,
    revealReference: run.options.feedback?.revealReference ?? false,
    instructions: run.options.instructions,
  });
}

/** The grade of an answer that a rule or a word-for-word match decided. */
export function localAnswer(run: GradeSource['run'], pending: PendingAnswer, grade: LocalGrade): GradedAnswer {
  const result: GradedAnswer = {
    status: 'graded',
    index: pending.index,
    ...scoreFromShare(pending.source.question, grade.score),
    gradedBy: grade.gradedBy,
    rule: grade.rule,
    fromCache: false,
    needsReview: false,
    reviewReasons: [],
    confidence: 1,
    ...effort(run, pending),
  };
  // A rule may grade an answer in several parts, whose shares become points here.
  const parts = grade.parts && partsInPoints(pending.source.question, grade.parts);
  return assignDefined(result, { ...identity(pending), parts });
}

/** The result of an answer that nothing could grade. Failures of earlier links become the causes of the last. */
export function failedAnswer(run: GradeSource['run'], pending: PendingAnswer, failure: GradingFailure): FailedAnswer {
  // The failure itself is not among its own causes.
  const causes = pending.failures.filter((other) => other !== failure);
  const error = causes.length === 0 ? failure : { ...failure, causes };
  const result: FailedAnswer = { status: 'failed', index: pending.index, error, ...effort(run, pending) };
  return assignDefined(result, { ...identity(pending), mode: pending.effort.mode, usage: pending.effort.usage });
}

/**
 * True for a local provider further down the chain: it stands in for the one that was wanted, so its grades need a
 * review.
 */
export function isStandIn({ isLocal, index }: Pick<BoundProvider, 'isLocal' | 'index'>): boolean {
  return isLocal && index > 0;
}

/** Word of the result for who graded: a local provider works offline, any other asks a model. */
function gradedByOf({ isLocal }: Pick<BoundProvider, 'isLocal'>): GradedAnswer['gradedBy'] {
  return isLocal ? 'offline' : 'llm';
}

/** Fields that name an answer in its result: the ids that the user gave, and the grade key. */
export function identity({ source, key }: PendingAnswer): Pick<GradingResult, 'questionId' | 'answerId' | 'key'> {
  return { questionId: source.question.id, answerId: source.id, key };
}

/**
 * Fields that tell what a result took. Times are in milliseconds; all time of the run that was not spent in the
 * answer's calls counts as queued.
 */
export function effort(
  run: Pick<GradingRun, 'elapsedMs'>,
  { effort: { attempts, callMs } }: PendingAnswer,
): Pick<GradedAnswer, 'attempts' | 'durationMs' | 'queuedMs'> {
  return { attempts, durationMs: callMs, queuedMs: Math.max(0, run.elapsedMs() - callMs) };
}

/** Cuts a text that is too long after its last whole word. */
function cutAtWord(text: string | undefined, maxCharacters = Infinity): string | undefined {
  if (text === undefined || text.length <= maxCharacters) return text;
  // One character is kept free for the ellipsis; a cut through a surrogate pair is made well-formed.
  const cut = text.slice(0, maxCharacters - 1).toWellFormed();
  // A text without a space, as in Chinese or Japanese, is cut at the character.
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > 0 ? cut.slice(0, lastSpace) : cut}…`;
}
