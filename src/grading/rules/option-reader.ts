import { foldText } from '../fold-text.js';
import { isLetter, labelPosition, readBareLabel, readLabelledText } from './option-label.js';
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
