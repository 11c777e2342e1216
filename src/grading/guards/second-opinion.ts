import type { Question } from '../../core/question.js';
import { compareTexts } from '../offline/compare-texts.js';
import { cutFor, scoreFromSimilarity } from '../offline/cut-score.js';
import { markingMaterial } from '../offline/marking-material.js';
import { prepareText, type PreparedText } from '../offline/prepared-text.js';
import { textProfile, type TextProfile } from '../offline/text-profile.js';

/** What shared words say of an answer. */
export interface SecondOpinion {
  /** How like a model answer it is, as a score 0..1: the offline grader's cut lies at 0.5. */
  score: number;
  /** Share of its words that the question, the material or a model answer has, 0..1. */
  knownWords: number;
}

interface Model {
  text: PreparedText;
  fraction: number;
}

/** All that an answer to a question is compared with, cut up once. */
interface Comparable {
  profile: TextProfile;
  prompt: PreparedText;
  models: readonly Model[];
  cut: number;
  /** The material that came with the last answer; most often they all share one. */
  context: { source: string; text: PreparedText };
}

const comparables = new WeakMap<Question, Comparable | 'nothing'>();

/**
 * Compares an answer with the question's model answers by their words, as the offline grader does. `undefined` where
 * there are none: criteria and keys say too little about how an answer is worded.
 */
export function secondOpinion(question: Question, answer: string, context = ''): SecondOpinion | undefined {
  const comparable = comparables.get(question) ?? comparableFor(question);
  comparables.set(question, comparable);
  if (comparable === 'nothing') return undefined;
  if (comparable.context.source !== context) comparable.context = preparedContext(context, comparable.profile);
  const text = prepareText(answer, comparable.profile);
  return {
    // Made when it is asked for: most grades are beyond doubt without it.
    get score() {
      return scoreIn(comparable, text);
    },
    knownWords: shareOfKnownWords(comparable, text),
  };
}

function comparableFor(question: Question): Comparable | 'nothing' {
  const material = markingMaterial(question);
  if (typeof material === 'string') return 'nothing';
  const { source, parts } = material;
  if (source !== 'references' && source !== 'examples') return 'nothing';
  const answers = parts.flatMap(({ modelAnswers }) => modelAnswers);
  const profile = textProfile(
    question,
    answers.map(({ text }) => text),
  );
  return {
    profile,
    prompt: prepareText(question.prompt, profile),
    models: answers.map(({ text, fraction }) => ({ text: prepareText(text, profile), fraction })),
    cut: cutFor(source, answers.filter(({ fraction }) => fraction > 0).length),
    context: preparedContext('', profile),
  };
}

function preparedContext(source: string, profile: TextProfile): Comparable['context'] {
  return { source, text: prepareText(source, profile) };
}

function scoreIn({ prompt, models, cut }: Comparable, answer: PreparedText): number {
  const scores = models.map(
    ({ text, fraction }) => fraction * scoreFromSimilarity(compareTexts(text, answer, prompt).similarity, cut),
  );
  return Math.max(...scores);
}

function shareOfKnownWords({ prompt, models, context }: Comparable, answer: PreparedText): number {
  const known = [prompt, context.text, ...models.map(({ text }) => text)];
  const content = [...answer.tokens.values()].filter(({ isContent }) => isContent);
  if (content.length === 0) return 0;
  return content.filter(({ key }) => known.some(({ tokens }) => tokens.has(key))).length / content.length;
}
