import type { Question } from 'gradelanes';
import type { Card } from './water-card.ts';

/** A question as a learner may see it. */
export interface LearnersQuestion {
  kind: 'text' | 'number' | 'one' | 'several' | 'gaps';
  prompt: string;
  /** The options of `one` and `several`, else none. */
  choices: readonly string[];
}

/** A card as a learner may see it: no references, keys or notes. */
export interface LearnersCard {
  id: string;
  title: string;
  questions: readonly LearnersQuestion[];
  samples: Card['samples'];
}

/** Takes only what is named here, so that a new property of a question never reaches the page by accident. */
export function cardForLearners({ id, title, questions, samples }: Card): LearnersCard {
  return { id, title, questions: questions.map(questionForLearners), samples };
}

/** This app has fields for these kinds; the rest is answered in words. */
function questionForLearners(question: Question): LearnersQuestion {
  const { kind, prompt } = question;
  if (kind === 'multiple_choice') return { kind: 'one', prompt, choices: question.choices };
  if (kind === 'multiple_select') return { kind: 'several', prompt, choices: question.choices };
  if (kind === 'numeric') return { kind: 'number', prompt, choices: [] };
  return { kind: kind === 'cloze' ? 'gaps' : 'text', prompt, choices: [] };
}
