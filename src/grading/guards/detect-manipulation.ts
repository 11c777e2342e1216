import type { Question } from '../../core/question.js';
import { ATTACK_PATTERNS } from './attack-patterns.js';
import { cleanText } from './clean-text.js';
import { disguisedTexts } from './disguised-texts.js';
import { markingTalk } from './marking-talk.js';
import { plainLetters } from './plain-letters.js';

/** Longer answers are inspected by their beginning, far more than a model reads by default. */
const INSPECTED_CHARACTERS = 100_000;
/** No answer in the training splits of SciEntsBank, Beetle and SAF talks as much about its marking. */
const MUCH_TALK = 5;
/** A text of so many words that uses each so often, on average, may repeat itself. */
const REPETITIVE_WORDS = 24;
const REPETITIVE_USES = 5;
/** What programs and pages may well contain. */
const USUAL_IN_CODE: readonly string[] = ['fake_verdict', 'markup'];
const REPEATED_PHRASE = /(?<!\p{L})(\p{L}[^]{1,99}?)\1{4}/u;
const REPEATED_CHARACTER = /([^\s.,_=*#~01-])\1{39}/u;

/**
 * Looks for attempts to move a mark by other means than the answer: orders to the grader, imitated verdicts and
 * messages, broken frames, pleas, hidden and coded text, in many languages. Names the patterns that it finds; to find
 * none proves nothing. A finding calls for a closer look and must never change a mark: learners write about rubrics and
 * injections too. What a model answer of the question shows as well is no finding, nor are tags and assignments in code.
 */
export function detectManipulation(text: string, question?: Question): readonly string[] {
  const found = patternsIn(text);
  if (found.length === 0 || question === undefined) return found;
  const usual = question.kind === 'code' ? USUAL_IN_CODE : [];
  const expected = new Set([...usual, ...modelAnswers(question).flatMap(patternsIn)]);
  return found.filter((name) => !expected.has(name));
}

function patternsIn(text: string): readonly string[] {
  const { text: visible, flags } = cleanText(text, INSPECTED_CHARACTERS);
  const surface = plainLetters(visible);
  const onSurface = wordingIn(surface);
  const below = disguisedTexts(visible).flatMap(wordingIn);
  return [
    ...onSurface,
    ...(below.some((name) => !onSurface.includes(name)) ? ['disguised_text'] : []),
    ...(flags.includes('hidden_characters') ? ['hidden_text'] : []),
    ...(isRepetitive(surface) ? ['repetition'] : []),
  ];
}

function wordingIn(text: string): readonly string[] {
  const names = Object.keys(ATTACK_PATTERNS).filter((name) => ATTACK_PATTERNS[name]?.test(text));
  return markingTalk(text) >= MUCH_TALK ? [...names, 'marking_talk'] : names;
}

function isRepetitive(text: string): boolean {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const hasFewWords = words.length >= REPETITIVE_WORDS && new Set(words).size * REPETITIVE_USES <= words.length;
  return (hasFewWords && REPEATED_PHRASE.test(text)) || REPEATED_CHARACTER.test(text);
}

function modelAnswers({ referenceAnswers = [], examples = [] }: Question): readonly string[] {
  return [
    ...referenceAnswers.map((reference) => (typeof reference === 'string' ? reference : reference.text)),
    ...examples.map(({ answer }) => answer),
  ];
}
