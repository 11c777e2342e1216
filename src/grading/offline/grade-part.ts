import { isBlankAnswer } from '../text/blank-answer.js';
import { compareTexts, type Comparison } from './compare-texts.js';
import { scoreFromSimilarity } from './cut-score.js';
import { isKey } from './marking-material.js';
import { COMPARED_CHARACTERS } from './normalise-text.js';
import { foldFor, type PreparedModel, type PreparedPart, type PreparedQuestion } from './prepared-question.js';
import { prepareText, type PreparedText } from './prepared-text.js';

/** A comparison with one model answer, and which one it was. */
export interface ModelComparison extends Comparison {
  model: PreparedModel;
  /** Position among the part's model answers, from 0. */
  modelIndex: number;
}

/** What one part of an answer is worth, and why. */
export type PartGrade =
  | { by: 'exact' | 'blank'; score: number }
  | {
      by: 'comparison';
      score: number;
      nearest: ModelComparison;
      /** Says nothing beyond the question, and is no model answer either. */
      isEcho: boolean;
    };

/** Model answers as near as this are as near as each other; the one worth more counts. */
const SIMILARITY_TIE = 0.02;
/** Below the cut, which lies at 0.5. */
const HIGHEST_ECHO_SCORE = 0.45;

/** Grades an answer, or one line of it, against one part of the marking material. */
export function gradePart(question: PreparedQuestion, part: PreparedPart, answer: string): PartGrade {
  const exactFraction = exactMatch(question, part, answer);
  if (exactFraction !== undefined) return { by: 'exact', score: exactFraction };
  if (isBlankAnswer(answer, question.language)) return { by: 'blank', score: 0 };
  const text = prepareText(answer.trimStart(), question.profile);
  const nearest = nearestModel(question, part, text);
  const isEcho = echoesPrompt(question, part, text);
  const score = nearest.model.fraction * scoreFromSimilarity(nearest.similarity, part.cut);
  return { by: 'comparison', score: isEcho ? Math.min(score, HIGHEST_ECHO_SCORE) : score, nearest, isEcho };
}

function exactMatch(question: PreparedQuestion, part: PreparedPart, answer: string): number | undefined {
  if (answer.length > COMPARED_CHARACTERS) return undefined;
  const folded = foldFor(question.profile, answer);
  const fractions = part.models.filter((model) => model.folded === folded).map(({ fraction }) => fraction);
  return fractions.length === 0 ? undefined : Math.max(...fractions);
}

/** The model answer that an answer is most like decides, also where it is a partly right or a wrong one. */
function nearestModel(question: PreparedQuestion, part: PreparedPart, answer: PreparedText): ModelComparison {
  const comparisons = part.models.map((model, modelIndex) => ({
    ...compareTexts(model.text, answer, question.prompt),
    model,
    modelIndex,
  }));
  const highest = Math.max(...comparisons.map(({ similarity }) => similarity));
  return comparisons
    .filter(({ similarity }) => similarity >= highest - SIMILARITY_TIE)
    .reduce((best, next) => (isWorthMore(next, best) ? next : best));
}

function isWorthMore(left: ModelComparison, right: ModelComparison): boolean {
  const difference = left.model.fraction - right.model.fraction;
  return difference > 0 || (difference === 0 && left.similarity > right.similarity);
}

function echoesPrompt(question: PreparedQuestion, part: PreparedPart, answer: PreparedText): boolean {
  if (isKey(question.source) || answer.contentForms.size === 0) return false;
  const addsNothing = [...answer.contentForms].every((form) => question.prompt.contentForms.has(form));
  return addsNothing && !part.models.some(({ text, fraction }) => fraction > 0 && haveSameWords(text, answer));
}

function haveSameWords(left: PreparedText, right: PreparedText): boolean {
  if (left.words.length !== right.words.length) return false;
  const [leftWords, rightWords] = [left.words.toSorted(), right.words.toSorted()];
  return leftWords.every((word, index) => word === rightWords[index]);
}
