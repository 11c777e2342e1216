import { ProviderError } from '../../contract/errors.js';
import type { GradingItem, Verdict, VerdictNotes } from '../../contract/provider.js';
import { objectOf, type JsonObject } from '../../json/untyped-json.js';

/** The highest level of a criterion; research finds 0..5 the scale on which models agree best with people. */
const TOP_LEVEL = 5;

/** Far beyond any list of verdicts and the thinking before it: a longer text must not end up in results. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Reads a model's reply as verdicts. The whole text must be the JSON that was asked for, at most inside one code fence
 * or after one think block; JSON is never searched for in prose. What is wrong with one result concerns only its item.
 *
 * @throws {ProviderError} `malformed` when the reply as a whole is not what was asked for.
 */
export function readReply(text: string, items: readonly GradingItem[]): readonly Verdict[] {
  if (text.length > MAX_CHARACTERS) throw malformed('it was too long');
  const body = unwrap(text);
  const results = objectOf(parseJson(body))['results'];
  if (!Array.isArray(results)) throw malformed('it was not a JSON object with a "results" list');
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
  const levels = entry['levels'];
  if (!isListOfLevels(levels)) {
    return { id: item.id, malformed: `"levels" was not a list of integers from 0 to ${TOP_LEVEL}` };
  }
  if (!isOptionalNumber(entry['confidence'])) return { id: item.id, malformed: '"confidence" was not a number' };
  const { criteria } = item.question.rubric ?? {};
  const expected = criteria?.length ?? 1;
  if (levels.length !== expected) {
    return { id: item.id, malformed: `"levels" had ${levels.length} numbers, not ${expected}` };
  }
  const notes = notesOf(entry);
  const shares = levels.map((level) => level / TOP_LEVEL);
  return criteria === undefined
    ? { id: item.id, ...notes, score: shares[0] ?? Number.NaN }
    : {
        id: item.id,
        ...notes,
        criteria: criteria.map(({ id }, index) => ({ id, score: shares[index] ?? Number.NaN })),
      };
}

function isListOfLevels(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((level) => Number.isInteger(level) && level >= 0 && level <= TOP_LEVEL);
}

/** Review and second opinions rest on it, and a model that writes words here has not kept to the format. */
function isOptionalNumber(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'number';
}

/** Marks are strict, but a text of the wrong type is only dropped: it is not worth another call. */
function notesOf({ why, feedback, confidence, flags }: JsonObject): VerdictNotes {
  const notes: VerdictNotes = {};
  if (typeof feedback === 'string' && feedback !== '') notes.feedback = feedback;
  if (typeof why === 'string' && why !== '') notes.rationale = why;
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
    return JSON.parse(text);
  } catch {
    // No cause: a SyntaxError's message quotes the reply.
    throw malformed('it was not JSON');
  }
}

function malformed(reason: string): ProviderError {
  return new ProviderError('malformed', reason);
}
