import { foldText } from '../fold-text.js';

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
export function readLabelledText(text: string): LabelledText | undefined {
  const [, label, rest] = LABELLED.exec(text.trim()) ?? [];
  return label === undefined || rest === undefined ? undefined : { label: label.toLowerCase(), text: rest };
}

/** The 0-based position that a label stands for: 1 for `b` and for `2`. */
export function labelPosition(label: string): number {
  return isLetter(label) ? label.charCodeAt(0) - 97 : Number(label) - 1;
}

/** Whether a label is a letter and not a number. */
export function isLetter(label: string): boolean {
  return label >= 'a';
}
