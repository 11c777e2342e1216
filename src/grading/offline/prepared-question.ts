import type { Question } from '../../contract/question.js';
import { foldText } from '../text/fold-text.js';
import { cutFor } from './cut-score.js';
import { looksEnglish } from './looks-english.js';
import {
  gradedExamples,
  isKey,
  type ModelAnswer,
  markingMaterial,
  type MarkingMaterial,
  type MaterialPart,
  type MaterialSource,
} from './marking-material.js';
import { prepareText, type PreparedText } from './prepared-text.js';
import { textProfile, type TextProfile } from './text-profile.js';

/** A model answer, ready for comparison. */
export interface PreparedModel {
  text: PreparedText;
  folded: string;
  fraction: number;
}

/** One part of the marking material, ready for comparison. */
export interface PreparedPart {
  weight: number;
  models: readonly PreparedModel[];
  /** The similarity from which an answer passes. */
  cut: number;
}

/** A question whose texts have been cut up once for all its answers. */
export interface PreparedQuestion extends Omit<MarkingMaterial, 'parts'> {
  profile: TextProfile;
  language: string | undefined;
  /** The small words of its texts are English ones, as far as they can be told. */
  looksEnglish: boolean;
  prompt: PreparedText;
  /** Answers that the teacher has marked, beside the references; empty where they are too few to tell anything. */
  marked: readonly PreparedModel[];
  parts: readonly PreparedPart[];
}

/** Prepares a question, or says why its answers cannot be graded. `cut` replaces the cut for free text. */
export function prepareQuestion(question: Question, cut: number | undefined): PreparedQuestion | string {
  const material = markingMaterial(question);
  if (typeof material === 'string') return material;
  const profile = textProfile(question, textsOf(material));
  return {
    ...material,
    profile,
    language: question.language,
    looksEnglish: looksEnglish([question.prompt, ...textsOf(material)]),
    marked: preparedExamples(question, material.source, profile),
    prompt: prepareText(question.prompt, profile),
    parts: material.parts.map((part) => preparePart(part, material.source, profile, cut)),
  };
}

/** So many graded answers of a question begin to tell more than chance; one or two would only move marks about. */
const FEWEST_EXAMPLES = 3;

function preparedExamples(question: Question, source: MaterialSource, profile: TextProfile): readonly PreparedModel[] {
  const examples = source === 'references' ? gradedExamples(question).filter(({ text }) => text.trim() !== '') : [];
  return examples.length < FEWEST_EXAMPLES ? [] : examples.map((each) => preparedModel(each, profile));
}

function preparedModel({ text, fraction }: ModelAnswer, profile: TextProfile): PreparedModel {
  return { text: prepareText(text, profile), folded: foldFor(profile, text), fraction };
}

function textsOf({ parts }: MarkingMaterial): readonly string[] {
  return parts.flatMap(({ modelAnswers }) => modelAnswers.map(({ text }) => text));
}

function preparePart(
  { weight, modelAnswers }: MaterialPart,
  source: MaterialSource,
  profile: TextProfile,
  cut: number | undefined,
): PreparedPart {
  const models = modelAnswers.map((each) => preparedModel(each, profile));
  const different = new Set(models.filter(({ fraction }) => fraction > 0).map(({ folded }) => folded));
  return { weight, models, cut: isKey(source) || cut === undefined ? cutFor(source, different.size) : cut };
}

/** Folds a text for word-for-word comparison. */
export function foldFor(profile: TextProfile, text: string): string {
  return foldText(text, { caseSensitive: profile === 'symbols' });
}
