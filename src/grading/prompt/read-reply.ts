import { criterionScale, type CriterionScale } from '../../contract/criterion-scale.js';
import { ProviderError } from '../../contract/errors.js';
import type { CriterionVerdict, GradingItem, Verdict, VerdictNotes } from '../../contract/provider.js';
import { hasDoubleKeys } from '../../json/double-keys.js';
import { objectOf, type JsonObject } from '../../json/untyped-json.js';
import { EMPTY, NO_JSON, NO_RESULTS, TOO_LONG } from './reply-faults.js';

/** Far beyond any list of verdicts and the thinking before it: a longer text must not end up in results. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Reads a model's reply as verdicts. The whole text must be the JSON that was asked for, at most inside one code fence
 * or after one think block; JSON is never searched for in prose. What is wrong with one result concerns only its item.
 *
 * @throws {ProviderError} `malformed` when the reply as a whole is not what was asked for.
 */
export function readReply(text: string, items: readonly GradingItem[]): readonly Verdict[] {
  if (text.length > MAX_CHARACTERS) throw malformed(TOO_LONG);
  const body = unwrap(text);
  if (body === '') throw malformed(EMPTY);
  const results = objectOf(parseJson(body))['results'];
  if (!Array.isArray(results)) throw malformed(NO_RESULTS);
  const verdicts = results.map((entry: unknown) => readResult(objectOf(entry), items, body));
  return verdicts.filter((verdict) => verdict !== undefined);
}

/** Results for answers that were not asked about are left out. */
function readResult(entry: JsonObject, items: readonly GradingItem[], body: string): Verdict | undefined {
  const { key } = entry;
  const item = items.find(({ id }) => id === key);
  if (item !== undefined) return readEntry(entry, item);
  const [only] = items;
  return key === undefined && only !== undefined && items.length === 1
    ? readKeylessEntry(entry, only, body)
    : undefined;
}

/** Without the key, nothing tells a verdict from one that the learner wrote and the model repeats. */
function readKeylessEntry(entry: JsonObject, item: GradingItem, body: string): Verdict {
  return withoutSpace(item.answer).includes(withoutSpace(body))
    ? { id: item.id, malformed: 'it repeated a text of the learner' }
    : readEntry(entry, item);
}

function readEntry(entry: JsonObject, item: GradingItem): Verdict {
  const { id } = item;
  const { criteria } = item.question.rubric ?? {};
  const scales = criteria === undefined ? [criterionScale()] : criteria.map((each) => criterionScale(each));
  const levels = entry['levels'];
  const fault = faultInLevels(levels, scales);
  if (fault !== undefined) return { id, malformed: fault };
  if (!isOptionalNumber(entry['confidence'])) return { id, malformed: '"confidence" was not a number' };
  const shares = scales.map((scale, index) => scale.shares[(levels as readonly number[])[index] ?? -1] ?? Number.NaN);
  const reasons = reasonsOf(entry['why'], scales.length);
  const quotes = quotesOf(entry['evidence'], scales.length);
  const notes = notesOf(entry, reasons);
  if (criteria === undefined) return { id, ...notes, ...evidenceIn(quotes[0]), score: shares[0] ?? Number.NaN };
  const verdicts = criteria.map(({ id: criterionId }, index): CriterionVerdict => {
    const comment = reasons.perCriterion[index] ?? '';
    const score = shares[index] ?? Number.NaN;
    return { id: criterionId, score, ...(comment !== '' && { comment }), ...evidenceIn(quotes[index]) };
  });
  return { id, ...notes, criteria: verdicts };
}

/** One whole number for each criterion, none beyond its scale. Says nothing of what the model wrote. */
function faultInLevels(levels: unknown, scales: readonly CriterionScale[]): string | undefined {
  if (!Array.isArray(levels) || !levels.every((level) => Number.isInteger(level) && level >= 0)) {
    return '"levels" was not a list of integers from 0 on';
  }
  if (levels.length !== scales.length) return `"levels" had ${levels.length} numbers, not ${scales.length}`;
  const beyond = scales.findIndex(({ shares }, index) => levels[index] >= shares.length);
  if (beyond < 0) return undefined;
  return `level ${beyond + 1} was above ${(scales[beyond]?.shares.length ?? 1) - 1}, the highest there`;
}

/** What a model gives as reasons. */
interface Reasons {
  /** All of them, for the teacher. */
  readonly whole: string;
  /** One for each criterion; empty where there is one for all, or another number of them. */
  readonly perCriterion: readonly string[];
}

function reasonsOf(why: unknown, count: number): Reasons {
  if (typeof why === 'string') return { whole: why, perCriterion: [] };
  if (!Array.isArray(why)) return { whole: '', perCriterion: [] };
  const reasons = why.map((reason) => (typeof reason === 'string' ? reason.trim() : ''));
  const whole = reasons.filter((reason) => reason !== '').join(' ');
  return { whole, perCriterion: reasons.length === count ? reasons : [] };
}

/** The words quoted for each criterion; none where it cannot be told which are whose. */
function quotesOf(evidence: unknown, count: number): readonly (readonly string[])[] {
  const given: readonly unknown[] = typeof evidence === 'string' ? [evidence] : Array.isArray(evidence) ? evidence : [];
  if (given.length !== count) return [];
  return given.map((quotes) => {
    const all: readonly unknown[] = Array.isArray(quotes) ? quotes : [quotes];
    return all.filter((quote) => typeof quote === 'string').filter((quote) => quote.trim() !== '');
  });
}

function evidenceIn(quotes: readonly string[] = []): { evidence?: readonly string[] } {
  return quotes.length === 0 ? {} : { evidence: quotes };
}

/** Review and second opinions rest on it, and a model that writes words here has not kept to the format. */
function isOptionalNumber(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'number';
}

/** Marks are strict, but a text of the wrong type is only dropped: it is not worth another call. */
function notesOf({ feedback, confidence, flags }: JsonObject, { whole }: Reasons): VerdictNotes {
  const notes: VerdictNotes = {};
  if (typeof feedback === 'string' && feedback !== '') notes.feedback = feedback;
  if (whole !== '') notes.rationale = whole;
  if (typeof confidence === 'number') notes.confidence = Math.min(1, Math.max(0, confidence / 100));
  const named = Array.isArray(flags) ? flags.filter((flag) => typeof flag === 'string') : [];
  if (named.length > 0) notes.flags = named;
  return notes;
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Takes off a byte-order mark, one think block and one code fence, each only where it is at the very edge. */
function unwrap(text: string): string {
  // To trim() a byte-order mark is white space.
  const body = afterThinking(text.trim());
  if (!body.startsWith('```') || !body.endsWith('```')) return body;
  const firstLineEnd = body.indexOf('\n');
  return firstLineEnd < 0 ? body : body.slice(firstLineEnd + 1, -3).trim();
}

function afterThinking(text: string): string {
  const close = '</think>';
  const end = text.startsWith('<think>') ? text.indexOf(close) : -1;
  return end < 0 ? text : text.slice(end + close.length).trim();
}

function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!hasDoubleKeys(text)) return parsed;
  } catch {
    // No cause: a SyntaxError's message quotes the reply.
    throw malformed(NO_JSON);
  }
  throw malformed('an object in it had the same name twice');
}

function malformed(reason: string): ProviderError {
  return new ProviderError('malformed', reason);
}
