import type { Question } from '../../contract/question.js';
import { compareTexts } from '../offline/compare-texts.js';
import { cutFor, scoreFromSimilarity } from '../offline/cut-score.js';
import { markingMaterial } from '../offline/marking-material.js';
import { prepareText, type PreparedText } from '../offline/prepared-text.js';
import { textProfile, type TextProfile } from '../offline/text-profile.js';
import { tokenise, wordsOf } from '../offline/tokenise.js';

/** What shared words say of an answer. Worked out when it is asked for: most grades are beyond doubt without the score. */
export interface SecondOpinion {
  /** How like a model answer it is, as a score 0..1: the offline grader's cut lies at 0.5. */
  score: () => number;
  /** Share of its words that the question, the material or a model answer has, 0..1. */
  knownWords: () => number;
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
  /** Keys of all words of the prompt and the models. */
  known: ReadonlySet<string>;
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
  if (comparable === 'nothing') return undefined;
  if (comparable.context.source !== context) comparable.context = preparedContext(context, comparable.profile);
  return {
    score: () => scoreIn(comparable, prepareText(answer, comparable.profile)),
    knownWords: () => shareOfKnownWords(comparable, answer),
  };
}

function comparableFor(question: Question): Comparable | 'nothing' {
  const comparable = preparedQuestion(question);
  comparables.set(question, comparable);
  return comparable;
}

function preparedQuestion(question: Question): Comparable | 'nothing' {
  const material = markingMaterial(question);
  if (typeof material === 'string') return 'nothing';
  const { source, parts } = material;
  if (source !== 'references' && source !== 'examples') return 'nothing';
  const answers = parts.flatMap(({ modelAnswers }) => modelAnswers);
  const profile = textProfile(
    question,
    answers.map(({ text }) => text),
  );
  const prompt = prepareText(question.prompt, profile);
  const models = answers.map(({ text, fraction }) => ({ text: prepareText(text, profile), fraction }));
  return {
    profile,
    prompt,
    models,
    known: new Set([prompt, ...models.map(({ text }) => text)].flatMap(({ tokens }) => [...tokens.keys()])),
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

function shareOfKnownWords({ profile, known, context }: Comparable, answer: string): number {
  const content = new Set<string>();
  let knownCount = 0;
  for (const { key, isContent } of tokenise(wordsOf(answer, profile), profile)) {
    if (!isContent || content.has(key)) continue;
    content.add(key);
    if (known.has(key) || context.text.tokens.has(key)) knownCount++;
  }
  return content.size === 0 ? 0 : knownCount / content.size;
}
