import type { AnswerToGrade, FreeTextQuestion, GradingReport } from 'gradelanes';

/** A question that no rule can decide. */
export const question: FreeTextQuestion = { prompt: 'Why does ice float?' };

/** Different answers to the same question: `answer 0`, `answer 1`, ... */
export function sampleAnswers(
  count: number,
  change: (index: number) => Partial<AnswerToGrade> = () => ({}),
): AnswerToGrade[] {
  return Array.from({ length: count }, (_, index) => ({ question, answer: `answer ${index}`, ...change(index) }));
}

/** The position that {@link sampleAnswers} wrote into an answer. */
export function positionOf(item: { answer: string }): number {
  return Number(item.answer.slice('answer '.length));
}

/** One word per result: the scaled score, or the code of the failure. */
export function outcomes({ results }: GradingReport): readonly (number | string)[] {
  return results.map((result) => (result.status === 'graded' ? result.scaledScore : result.error.code));
}
