import { foldText, withoutEmphasis } from '../text/fold-text.js';

/** The indices of the known texts that a learner's text equals; empty when it equals none. */
export type TextLookup = (text: string) => readonly number[];

/**
 * Finds a learner's text among known ones. Exact equality comes first, then ever more is folded, so that texts which
 * differ only in case are told apart as long as the learner does.
 */
export function createTextLookup(known: readonly string[], caseSensitive: boolean): TextLookup {
  const tables = comparisons(caseSensitive).map(({ ofKnown, ofLearner }) => ({
    ofLearner,
    indices: groupByForm(known, ofKnown),
  }));
  return (text) => {
    for (const { ofLearner, indices } of tables) {
      const found = indices.get(ofLearner(text));
      if (found !== undefined) return found;
    }
    return [];
  };
}

interface Comparison {
  ofKnown: (text: string) => string;
  ofLearner: (text: string) => string;
}

const verbatim = (text: string): string => text;
const withCase = (text: string): string => foldText(text, { caseSensitive: true });
const withoutCase = (text: string): string => foldText(text, { caseSensitive: false });

function comparisons(caseSensitive: boolean): readonly Comparison[] {
  const loosest = caseSensitive ? withCase : withoutCase;
  return [
    { ofKnown: verbatim, ofLearner: verbatim },
    { ofKnown: withCase, ofLearner: withCase },
    ...(caseSensitive ? [] : [{ ofKnown: withoutCase, ofLearner: withoutCase }]),
    // One way only: a learner may add an exclamation mark, but `sort!` asked for is not `sort`.
    { ofKnown: loosest, ofLearner: (text) => withoutEmphasis(loosest(text)) },
  ];
}

/** A known text of nothing but white space is never found. */
function groupByForm(known: readonly string[], form: (text: string) => string): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, text] of known.entries()) {
    const key = form(text);
    if (key.trim() === '') continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return groups;
}
