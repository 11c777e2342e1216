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
  const alone = nearest.model.fraction * scoreFromSimilarity(nearest.similarity, part.cut);
  const score = scoreAmongMarked(question, alone, text);
  return { by: 'comparison', score: isEcho ? Math.min(score, HIGHEST_ECHO_SCORE) : score, nearest, isEcho };
}

/** The weight of what the references say, beside marked answers that weigh by how like them the answer is. */
const REFERENCE_WEIGHT = 0.5;
/** Near answers weigh far more than distant ones. Chosen, leaving one out, on training data. */
const NEARNESS_POWER = 4;

/** Nearest neighbours: the mean of the references' score and the marks of answers that the teacher has marked. */
function scoreAmongMarked({ marked, prompt }: PreparedQuestion, score: number, answer: PreparedText): number {
  let weights = REFERENCE_WEIGHT;
  let sum = REFERENCE_WEIGHT * score;
  for (const { text, fraction } of marked) {
    const weight = compareTexts(text, answer, prompt).similarity ** NEARNESS_POWER;
    weights += weight;
    sum += weight * fraction;
  }
  return sum / weights;
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

/**
 * Echo: an answer that adds nothing to the question and copies it, in a run of words or by half of what it says. One
 * that only chooses among the things which the question names is no echo.
 */
function echoesPrompt(question: PreparedQuestion, part: PreparedPart, answer: PreparedText): boolean {
  if (isKey(question.source) || answer.contentForms.size === 0) return false;
  const { prompt } = question;
  const shared = [...answer.contentForms].filter((form) => prompt.contentForms.has(form)).length;
  if (shared < answer.contentForms.size) return false;
  const isCopied =
    longestCopiedRun(prompt.words, answer.words) >= COPIED_SHARE * answer.words.length ||
    shared >= COVERED_SHARE * prompt.contentForms.size;
  return isCopied && !part.models.some(({ text, fraction }) => fraction > 0 && haveSameWords(text, answer));
}

/** So much of an answer in one run of the question's words is copied. */
const COPIED_SHARE = 0.6;
/** An answer that says so much of the question only says it again. */
const COVERED_SHARE = 0.5;
/** Longer texts are compared by their beginning: the comparison is quadratic. */
const COMPARED_WORDS = 300;

/** The most words of a text that follow each other in another. */
function longestCopiedRun(source: readonly string[], text: readonly string[]): number {
  const [from, to] = [source.slice(0, COMPARED_WORDS), text.slice(0, COMPARED_WORDS)];
  let longest = 0;
  let runs = to.map(() => 0);
  for (const word of from) {
    const before = runs;
    runs = to.map((other, index) => (other === word ? (before[index - 1] ?? 0) + 1 : 0));
    longest = runs.reduce((most, run) => Math.max(most, run), longest);
  }
  return longest;
}

function haveSameWords(left: PreparedText, right: PreparedText): boolean {
  if (left.words.length !== right.words.length) return false;
  const [leftWords, rightWords] = [left.words.toSorted(), right.words.toSorted()];
  return leftWords.every((word, index) => word === rightWords[index]);
}
