import * as z from 'zod/mini';
import { ProviderError } from '../core/errors.js';
import type { GradingItem, Verdict, VerdictNotes } from '../core/provider.js';

/** The highest level of a criterion; research finds 0..5 the scale on which models agree best with people. */
const TOP_LEVEL = 5;

/** Far beyond any list of verdicts and the thinking before it: a longer text must not end up in results. */
const MAX_CHARACTERS = 1_000_000;

const optionalUnknown = z.optional(z.unknown());
const entrySchema = z.object({
  levels: z.array(z.int().check(z.gte(0), z.lte(TOP_LEVEL))),
  why: optionalUnknown,
  feedback: optionalUnknown,
  confidence: optionalUnknown,
  flags: optionalUnknown,
});

/**
 * Reads a model's reply as verdicts. The whole text must be the JSON that was asked for, at most inside one code fence
 * or after one think block; JSON is never searched for in prose. What is wrong with one result concerns only its item.
 *
 * @throws {ProviderError} `malformed` when the reply as a whole is not what was asked for.
 */
export function readReply(text: string, items: readonly GradingItem[]): readonly Verdict[] {
  if (text.length > MAX_CHARACTERS) throw malformed('it was too long');
  const reply = parseJson(unwrap(text));
  const results: unknown =
    typeof reply === 'object' && reply !== null && 'results' in reply ? reply.results : undefined;
  if (!Array.isArray(results)) throw malformed('it was not a JSON object with a "results" list');
  const [only, ...others] = items;
  return results.flatMap((entry: unknown) => {
    const key: unknown = typeof entry === 'object' && entry !== null && 'key' in entry ? entry.key : undefined;
    const item = items.find(({ id }) => id === key);
    if (item !== undefined) return [readEntry(entry, item)];
    const mayLackKey = key === undefined && only !== undefined && others.length === 0;
    return mayLackKey ? [readKeylessEntry(entry, only, text)] : [];
  });
}

/** Without the key, nothing tells a verdict from one that the learner wrote and the model repeats. */
function readKeylessEntry(entry: unknown, item: GradingItem, text: string): Verdict {
  return withoutSpace(item.answer).includes(withoutSpace(unwrap(text)))
    ? { id: item.id, malformed: 'it repeated a text of the learner' }
    : readEntry(entry, item);
}

function readEntry(entry: unknown, item: GradingItem): Verdict {
  const checked = entrySchema.safeParse(entry);
  if (!checked.success) return { id: item.id, malformed: `"levels" was not a list of integers from 0 to ${TOP_LEVEL}` };
  const { levels } = checked.data;
  const { criteria } = item.question.rubric ?? {};
  const expected = criteria?.length ?? 1;
  if (levels.length !== expected) {
    return { id: item.id, malformed: `"levels" had ${levels.length} numbers, not ${expected}` };
  }
  const notes = notesOf(checked.data);
  const shares = levels.map((level) => level / TOP_LEVEL);
  return criteria === undefined
    ? { id: item.id, ...notes, score: shares[0] ?? Number.NaN }
    : {
        id: item.id,
        ...notes,
        criteria: criteria.map(({ id }, index) => ({ id, score: shares[index] ?? Number.NaN })),
      };
}

/** Marks are strict, but a note of the wrong type is only dropped: it is not worth another call. */
function notesOf({ why, feedback, confidence, flags }: z.infer<typeof entrySchema>): VerdictNotes {
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
  const body = afterThinking(
    text
      .trim()
      .replace(/^\uFEFF/, '')
      .trim(),
  );
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
