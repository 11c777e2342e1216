import type { ModelComparison, PartGrade } from './grade-part.js';
import { isKey } from './marking-material.js';
import type { PreparedQuestion } from './prepared-question.js';

const MAX_WORDS = 6;
const LONGEST_WORD = 30;
const WITHOUT_COMPARISON = {
  exact: 'Matches a model answer word for word.',
  blank: 'Blank, or says that the learner does not know.',
};

/** English plain text for the learner. Of the model answer it tells counts only; words are the learner's own. */
export function feedbackFor(question: PreparedQuestion, grades: readonly PartGrade[], score: number): string {
  if (grades.every(({ by }) => by === 'blank')) return 'No answer was given.';
  const compared = grades.flatMap((grade) => (grade.by === 'comparison' ? [grade] : []));
  if (isKey(question.source) || compared.length === 0) return keyFeedback(score);
  if (compared.some(({ isEcho }) => isEcho)) return 'Your answer repeats the question and adds nothing of its own.';
  const nearest = compared.map((grade) => grade.nearest);
  return [...overlapSentences(question, nearest), ...doubtSentences(nearest)].join(' ');
}

function keyFeedback(score: number): string {
  if (score >= 1) return 'Your answer matches the expected answer.';
  return score >= 0.5
    ? 'Your answer is close to the expected answer.'
    : 'Your answer does not match what was expected.';
}

function overlapSentences(question: PreparedQuestion, nearest: readonly ModelComparison[]): readonly string[] {
  const isKnownWrong = nearest.some(({ model }) => model.fraction === 0);
  if (isKnownWrong) return ['Your answer is close to one that is known to be wrong.'];
  const found = nearest.reduce((sum, comparison) => sum + comparison.found.length, 0);
  const missing = nearest.reduce((sum, comparison) => sum + comparison.missing.length, 0);
  const noun = question.profile === 'characters' ? 'parts' : 'key words';
  const count = `Your answer has ${found} of ${found + missing} ${noun} of the expected answer`;
  return [
    `${count}${learnerWordList(question, nearest)}.`,
    ...(missing > found ? ['Something important seems to be missing.'] : []),
    ...(nearest.some(({ model }) => model.fraction < 1)
      ? ['It is close to an answer that earns part of the marks.']
      : []),
  ];
}

function learnerWordList(question: PreparedQuestion, nearest: readonly ModelComparison[]): string {
  if (question.profile === 'characters') return '';
  const words = listed(nearest.flatMap(({ learnerWords }) => learnerWords));
  return words === '' ? '' : ` (${words})`;
}

function doubtSentences(nearest: readonly ModelComparison[]): readonly string[] {
  return [
    ...(nearest.some(({ contradicts }) => contradicts) ? ['Part of it seems to contradict the expected answer.'] : []),
    ...(nearest.some(({ negationMismatch }) => negationMismatch) ? ['Check every "not" in it.'] : []),
  ];
}

/** English plain text for the teacher: what was compared, and which words were missing. */
export function rationaleFor(question: PreparedQuestion, grades: readonly PartGrade[]): string {
  return grades.map((grade, index) => partRationale(question, grade, index)).join(' ');
}

function partRationale(question: PreparedQuestion, grade: PartGrade, index: number): string {
  const part = question.parts.length === 1 ? '' : `Part ${index + 1}: `;
  if (grade.by !== 'comparison') return part + WITHOUT_COMPARISON[grade.by];
  const { models = [], cut = 0 } = question.parts[index] ?? {};
  const { similarity, modelIndex, missing } = grade.nearest;
  const missingWords = listed(missing.map(({ text }) => text));
  return [
    `${part}Word overlap ${similarity.toFixed(2)} with model answer ${modelIndex + 1} of ${models.length}`,
    ` (passes from ${cut.toFixed(2)}).`,
    missingWords === '' ? '' : ` Missing: ${missingWords}.`,
  ].join('');
}

function listed(words: readonly string[]): string {
  const shown = [...new Set(words)].filter((word) => word.length <= LONGEST_WORD).slice(0, MAX_WORDS);
  return shown.join(', ');
}
