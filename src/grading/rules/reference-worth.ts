import type { QuestionBase } from '../../contract/question.js';

/** A reference and the share of full marks (0..1) that it is worth. */
interface ReferenceWorth {
  text: string;
  fraction: number;
}

/** The references of a question, plain texts among them, with what each is worth. */
export function referenceWorth({ referenceAnswers = [] }: Pick<QuestionBase, 'referenceAnswers'>): ReferenceWorth[] {
  return referenceAnswers.map((reference) =>
    typeof reference === 'string'
      ? { text: reference, fraction: 1 }
      : { text: reference.text, fraction: Math.min(1, Math.max(0, reference.fraction ?? 1)) },
  );
}
