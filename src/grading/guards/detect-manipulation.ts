import type { Question } from '../../contract/question.js';
import { isAscii } from '../text/is-ascii.js';
import { ATTACK_PATTERNS } from './attack-patterns.js';
import { cleanText, type CleanedText } from './clean-text.js';
import { disguisedTexts } from './disguised-texts.js';
import type { MarkingTalk } from './marking-talk.js';
import { plainLetters } from './plain-letters.js';
import { possibleMatches } from './possible-matches.js';

/** Longer answers are inspected by their beginning, far more than a model reads by default. */
const INSPECTED_CHARACTERS = 100_000;
/** No answer in the training splits of SciEntsBank, Beetle and SAF talks as much about its marking. */
const MUCH_TALK = 5;
/** A text of so many words that uses each so often, on average, may repeat itself. */
const REPETITIVE_WORDS = 24;
const REPETITIVE_USES = 5;
/** As many words in ASCII, which is to be had for less than the words. */
const MANY_WORDS = new RegExp(`^[^a-z0-9]*(?:[a-z0-9]+[^a-z0-9]+){${REPETITIVE_WORDS - 1}}[a-z0-9]`);
/** What programs and pages may well contain. */
const USUAL_IN_CODE: readonly string[] = ['fake_verdict', 'markup', 'broken_data'];
const FAMILIES = Object.entries(ATTACK_PATTERNS).map(([name, family], index) => ({ name, ...family, bit: 1 << index }));
const possibleFamilies = possibleMatches(FAMILIES.map(({ words }) => words));
const REPEATED_PHRASE = /(?<!\p{L})(\p{L}[^]{1,99}?)\1{4}/u;
const REPEATED_CHARACTER = /([^\s.,_=*#~01-])\1{39}/u;

/** What a look at an answer found. */
export interface Inspection {
  /** Names of the patterns; empty for most texts. */
  patterns: readonly string[];
  /** How much it talks about its own marking. */
  talk: number;
  /** What was looked at. */
  cleaned: CleanedText;
}

/**
 * Looks for attempts to move a mark by other means than the answer: orders to the grader, imitated verdicts and
 * messages, broken frames, pleas, hidden and coded text, in many languages. Names the patterns that it finds; to find
 * none proves nothing. A finding calls for a closer look and must never change a mark: learners write about rubrics and
 * injections too. What the question or a model answer shows as well is no finding, nor are tags and assignments in code.
 *
 * @param markingTalk Handed in: it is a chunk of its own.
 */
export function inspectAnswer(text: string, markingTalk: MarkingTalk, question?: Question): Inspection {
  const found = inspect(text, markingTalk);
  if (found.patterns.length === 0 || question === undefined) return found;
  const usual = question.kind === 'code' ? USUAL_IN_CODE : [];
  const expected = new Set([
    ...usual,
    ...[question.prompt, ...modelAnswers(question)].flatMap((own) => inspect(own, markingTalk).patterns),
  ]);
  return { ...found, patterns: found.patterns.filter((name) => !expected.has(name)) };
}

function inspect(text: string, markingTalk: MarkingTalk): Inspection {
  const cleaned = cleanText(text, INSPECTED_CHARACTERS);
  const { text: visible, flags } = cleaned;
  const surface = plainLetters(visible);
  const talk = markingTalk(surface);
  const onSurface = wordingIn(surface, talk);
  const below = disguisedTexts(visible).flatMap((reading) => wordingIn(reading, markingTalk(reading)));
  const patterns = [
    ...onSurface,
    ...(below.some((name) => !onSurface.includes(name)) ? ['disguised_text'] : []),
    ...(flags.includes('hidden_characters') ? ['hidden_text'] : []),
    ...(isRepetitive(surface) ? ['repetition'] : []),
  ];
  return { patterns, talk, cleaned };
}

function wordingIn(text: string, talk: number): readonly string[] {
  const possible = possibleFamilies(text);
  const names: string[] = [];
  for (const { name, bit, signs, pattern } of FAMILIES) {
    if (((possible & bit) !== 0 || signs?.test(text) === true) && pattern.test(text)) names.push(name);
  }
  if (talk >= MUCH_TALK) names.push('marking_talk');
  return names;
}

function isRepetitive(text: string): boolean {
  return (hasFewWords(text) && REPEATED_PHRASE.test(text)) || REPEATED_CHARACTER.test(text);
}

function hasFewWords(text: string): boolean {
  if (isAscii(text) && !MANY_WORDS.test(text)) return false;
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.length >= REPETITIVE_WORDS && new Set(words).size * REPETITIVE_USES <= words.length;
}

function modelAnswers({ referenceAnswers = [], examples = [] }: Question): readonly string[] {
  return [
    ...referenceAnswers.map((reference) => (typeof reference === 'string' ? reference : reference.text)),
    ...examples.map(({ answer }) => answer),
  ];
}
