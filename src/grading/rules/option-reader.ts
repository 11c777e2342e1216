import { foldText } from '../text/fold-text.js';
import { createTextLookup, type TextLookup } from './text-lookup.js';

/** The indices of the options that a learner's text may name: one when it is clear, none when it names none clearly. */
export type OptionReader = (text: string) => readonly number[];

/**
 * Reads an option's own text, a label (`B`, `b)`, `2`, counted from 1) or both. The own text wins over a position;
 * a label beside the text of another option, or one that could as well be part of an option, names none.
 */
export function createOptionReader(choices: readonly string[], caseSensitive: boolean): OptionReader {
  const texts = withoutOwnLabels(choices);
  const findChoice = createTextLookup(choices, caseSensitive);
  const findText = createTextLookup(texts, caseSensitive);
  return (text) => {
    const named = findChoice(text);
    if (named.length > 0) return named;
    const bare = readBareLabel(text);
    if (bare !== undefined) return isClearLabel(bare, texts, findText) ? [labelPosition(bare)] : [];
    const alone = findText(text);
    return alone.length > 0 ? alone : labelledOption(text, findText);
  };
}

/** Options written as `A) ...`, `B) ...` without these labels; unchanged unless all are labelled in order. */
function withoutOwnLabels(choices: readonly string[]): readonly string[] {
  const labelled = choices.map(readLabelledText);
  const isInOrder = labelled.every((option, index) => option !== undefined && labelPosition(option.label) === index);
  return isInOrder ? labelled.map((option) => option?.text ?? '') : choices;
}

/** A label that is in range and neither the text of another option nor short for a part of one ("vitamin B"). */
function isClearLabel(label: string, texts: readonly string[], findText: TextLookup): boolean {
  const position = labelPosition(label);
  const sameText = findText(label);
  if (position >= texts.length || sameText.length > 0) return sameText.includes(position);
  if (isLetter(label) ? texts.filter(isSingleLetter).length > 1 : texts.some(isNumberLike)) return false;
  const mentions = [...texts.keys()].filter((index) => mentionsLabel(texts[index] ?? '', label));
  return mentions.length === 0 || mentions.includes(position);
}

function labelledOption(text: string, findText: TextLookup): readonly number[] {
  const labelled = readLabelledText(text);
  const position = labelled === undefined ? -1 : labelPosition(labelled.label);
  return labelled !== undefined && findText(labelled.text).includes(position) ? [position] : [];
}

function isSingleLetter(text: string): boolean {
  return /^\p{L}$/u.test(foldText(text, { caseSensitive: true }));
}

function isNumberLike(text: string): boolean {
  const folded = foldText(text, { caseSensitive: false });
  return /^(?:[-+(]?[$€£]?[.\d]|(?:one|two|three|four|five)\b)/.test(folded);
}

function mentionsLabel(text: string, label: string): boolean {
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const ends = [words[0], words.at(-1)].map((word) => word?.toLowerCase());
  return ends.includes(label) || words.includes(label.toUpperCase());
}

/**
 * The option that each part of an answer names, by its index; undefined unless every part names exactly one
 * and there are no more parts than options.
 */
export function namedOptions(
  parts: readonly (string | number)[],
  choices: readonly string[],
  read: OptionReader,
): readonly number[] | undefined {
  if (parts.length > choices.length) return undefined;
  const named = parts.map((part) => (typeof part === 'number' ? [part] : read(part)));
  const isClear = named.every(([index = -1, ...others]) => others.length === 0 && choices[index] !== undefined);
  return isClear ? named.flat() : undefined;
}

/** A letter (lower case) or a number in front of a text, as in `B) tokio::spawn`. */
interface LabelledText {
  label: string;
  text: string;
}

const BARE = /^(?:(?:option|answer|choice):? )?[([]?([a-z]|[1-9]\d?)[)\]]?$/;

const LABELLED = /^[([]?([a-z]|[1-9]\d?)(?:[)\]]\s*|[.:]\s+|\s+[-–—]\s+|\s+)(\S[^]*)$/i;

const LONGEST_BARE_LABEL = 20;

/** The label when the text is nothing else: `B`, `b)`, `(2)`, `Option B`. */
export function readBareLabel(text: string): string | undefined {
  const folded = foldText(text, { caseSensitive: false });
  return folded.length > LONGEST_BARE_LABEL ? undefined : BARE.exec(folded)?.[1];
}

/** The label and the text after it: `B) text`, `B. text`, `(B) text`, `B - text`, `B text`. */
function readLabelledText(text: string): LabelledText | undefined {
  const [, label, rest] = LABELLED.exec(text.trim()) ?? [];
  return label === undefined || rest === undefined ? undefined : { label: label.toLowerCase(), text: rest };
}

/** The 0-based position that a label stands for: 1 for `b` and for `2`. */
function labelPosition(label: string): number {
  return isLetter(label) ? label.charCodeAt(0) - 97 : Number(label) - 1;
}

/** Whether a label is a letter and not a number. */
function isLetter(label: string): boolean {
  return label >= 'a';
}
