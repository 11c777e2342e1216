import type { EvidenceSpan } from '../../contract/result.js';
import { foldPositions, type FoldedPositions } from './fold-positions.js';

/** Where quotes stand in an answer, and how many of them do not. */
export interface FoundEvidence {
  /** In the order of the answer, without overlaps. */
  readonly spans: readonly EvidenceSpan[];
  readonly dropped: number;
}

/** Finds quotes in one answer, which is folded once. */
export type EvidenceFinder = (quotes: readonly string[]) => FoundEvidence;

/** So many places of a quote are looked at before it counts as not found: a short one may stand inside many words. */
const MOST_PLACES = 1_000;
const ELLIPSIS = /(?:\s*(?:\u2026|\[?\.{3,}\]?)\s*)+/;
const OUTER_MARKS = /^[\s'.,;:\u2026]+|[\s'.,;:\u2026]+$/g;
/** Scripts that write words without spaces between them: there a quote may begin and end anywhere. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const PART_OF_WORD = /[\p{L}\p{N}]/u;
const ESCAPES: readonly (readonly [
  pattern: RegExp,
  replacement: string | ((match: string, code: string) => string),
])[] = [
  [/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))],
  [/\\[nrt]/g, ' '],
  [/\\(["\\/])/g, '$1'],
  [/&lt;/g, '<'],
  [/&gt;/g, '>'],
  [/&quot;/g, '"'],
  [/&amp;/g, '&'],
];

/**
 * Looks for quotes in an answer. A quote is found where the answer has its words, whole ones, whatever their case, white
 * space, accents and kinds of quotation marks; also where the quote shows escapes that the prompt had, or leaves words
 * out for an ellipsis. Every span is a part of the answer as the learner wrote it.
 */
export function evidenceFinder(answer: string): EvidenceFinder {
  let text: FoldedPositions | undefined;
  return (quotes) => {
    if (quotes.length === 0) return { spans: [], dropped: 0 };
    const folded = (text ??= foldPositions(answer));
    const found = quotes.map((quote) => spansOf(quote, folded));
    return { spans: merged(found.flat()), dropped: found.filter((spans) => spans.length === 0).length };
  };
}

function spansOf(quote: string, text: FoldedPositions): readonly EvidenceSpan[] {
  for (const reading of new Set([quote, withoutEscapes(quote)])) {
    const whole = spanOf(reading, text, 0);
    if (whole !== undefined) return [whole.span];
    const fragments = fragmentSpans(reading, text);
    if (fragments.length > 0) return fragments;
  }
  return [];
}

/** The parts of a quote around its ellipses, in order; empty unless every one of them is there. */
function fragmentSpans(quote: string, text: FoldedPositions): readonly EvidenceSpan[] {
  const fragments = quote.split(ELLIPSIS).filter((fragment) => PART_OF_WORD.test(fragment));
  if (fragments.length < 2) return [];
  const spans: EvidenceSpan[] = [];
  let from = 0;
  for (const fragment of fragments) {
    const found = spanOf(fragment, text, from);
    if (found === undefined) return [];
    spans.push(found.span);
    from = found.next;
  }
  return spans;
}

/** A quote as it stands, else without what a model may have put around it. */
function spanOf(quote: string, text: FoldedPositions, from: number): Found | undefined {
  const whole = foldPositions(quote).folded.trim();
  const inner = whole.replace(OUTER_MARKS, '');
  return placeOf(whole, text, from) ?? (inner === whole ? undefined : placeOf(inner, text, from));
}

/** The words that were found, and where to look for what follows them. */
interface Found {
  readonly span: EvidenceSpan;
  readonly next: number;
}

function placeOf(wanted: string, { folded, starts, ends }: FoldedPositions, from: number): Found | undefined {
  if (wanted === '') return undefined;
  let at = folded.indexOf(wanted, from);
  for (let place = 0; at >= 0 && place < MOST_PLACES; place++) {
    const next = at + wanted.length;
    const [start, end] = [starts[at], ends[next - 1]];
    const isWhole = start !== starts[at - 1] && end !== ends[next] && isWords(folded, at, next);
    if (isWhole && start !== undefined && end !== undefined) return { span: { start, end }, next };
    at = folded.indexOf(wanted, at + 1);
  }
  return undefined;
}

/** Whether a part of a text neither begins nor ends inside a word. */
function isWords(text: string, start: number, end: number): boolean {
  return (
    isBoundary(text.slice(start - 1, start), text.charAt(start)) && isBoundary(text.charAt(end - 1), text.charAt(end))
  );
}

function isBoundary(before: string, after: string): boolean {
  if (!PART_OF_WORD.test(before) || !PART_OF_WORD.test(after)) return true;
  return UNSPACED.test(before) || UNSPACED.test(after);
}

function withoutEscapes(quote: string): string {
  if (!/[\\&]/.test(quote)) return quote;
  return ESCAPES.reduce((text, [pattern, replacement]) => {
    return typeof replacement === 'string' ? text.replace(pattern, replacement) : text.replace(pattern, replacement);
  }, quote);
}

function merged(spans: readonly EvidenceSpan[]): readonly EvidenceSpan[] {
  const result: EvidenceSpan[] = [];
  for (const span of spans.toSorted((first, second) => first.start - second.start)) {
    const last = result.at(-1);
    if (last === undefined || span.start > last.end) result.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return result;
}
