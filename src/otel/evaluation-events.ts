import type { Attributes, Context } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import type { CriterionScore, GradedAnswer, GradingResult } from '../contract/result.js';
import { ERROR_TYPE, EVALUATION_EVENT, GEN_AI } from './conventions.js';

/** `SeverityNumber` of the API. */
const SEVERITY = { info: 9, warn: 13 } as const;

/** How evaluation events are written. */
interface EvaluationWriting {
  readonly context: Context;
  /** When the answer was settled, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly captureContent: boolean;
}

/**
 * Writes one event for a result, and one for each of its criteria. They hang on the run's span: the conventions want the span
 * of the operation that is evaluated, and a learner's answer is none.
 */
export function writeEvaluation(logger: Logger, result: GradingResult, writing: EvaluationWriting): void {
  const write = (attributes: Attributes, severityNumber: number = SEVERITY.info): void =>
    logger.emit({
      eventName: EVALUATION_EVENT,
      severityNumber,
      timestamp: writing.timestamp,
      context: writing.context,
      attributes: { ...identityOf(result), ...attributes },
    });
  if (result.status === 'failed') {
    write({ [GEN_AI.evaluationName]: 'score', [ERROR_TYPE]: result.error.code }, SEVERITY.warn);
    return;
  }
  write(gradeOf(result, writing.captureContent));
  for (const criterion of result.criteria ?? []) write(criterionOf(criterion, writing.captureContent));
}

/** No id of an answer or a learner: those belong to people. */
function identityOf({ index, questionId }: GradingResult): Attributes {
  return {
    'gradelanes.answer.index': index,
    ...(questionId !== undefined && { 'gradelanes.question.id': questionId }),
  };
}

function gradeOf(result: GradedAnswer, captureContent: boolean): Attributes {
  const explanation = captureContent ? (result.rationale ?? result.feedback) : undefined;
  return {
    [GEN_AI.evaluationName]: 'score',
    [GEN_AI.evaluationValue]: result.scaledScore,
    [GEN_AI.evaluationLabel]: result.isCorrect ? 'pass' : 'fail',
    'gradelanes.score.given': result.scoreGiven,
    'gradelanes.score.maximum': result.scoreMaximum,
    'gradelanes.graded_by': result.gradedBy,
    'gradelanes.needs_review': result.needsReview,
    ...(result.requestId !== undefined && { [GEN_AI.responseId]: result.requestId }),
    ...(result.promptVersion !== undefined && {
      [GEN_AI.promptName]: 'gradelanes.grading',
      [GEN_AI.promptVersion]: result.promptVersion,
    }),
    ...(explanation !== undefined && { [GEN_AI.evaluationExplanation]: explanation }),
  };
}

function criterionOf({ id, scoreGiven, scoreMaximum, comment }: CriterionScore, captureContent: boolean): Attributes {
  return {
    [GEN_AI.evaluationName]: id,
    // A criterion that takes points away has no share of its maximum.
    ...(scoreMaximum > 0 && { [GEN_AI.evaluationValue]: scoreGiven / scoreMaximum }),
    'gradelanes.score.given': scoreGiven,
    'gradelanes.score.maximum': scoreMaximum,
    ...(captureContent && comment !== undefined && { [GEN_AI.evaluationExplanation]: comment }),
  };
}
