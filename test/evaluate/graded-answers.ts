import { gradeAnswersWithFallback, type GradedAnswer } from 'gradelanes';

/** A grade by a model, with what a test cares about. */
export function gradeOf(parts: Partial<GradedAnswer>): GradedAnswer {
  const { scaledScore = 1 } = parts;
  return {
    ...{ status: 'graded', index: 0, scoreGiven: scaledScore, scoreMaximum: 1, scaledScore },
    ...{ isCorrect: scaledScore >= 0.5, suggestedRating: scaledScore >= 0.5 ? 3 : 1, gradedBy: 'llm' },
    ...{ fromCache: false, needsReview: false, reviewReasons: [], attempts: 1, durationMs: 1, queuedMs: 0 },
    ...parts,
  };
}

export const gradeAnswers: typeof gradeAnswersWithFallback = gradeAnswersWithFallback;
