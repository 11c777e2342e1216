import type { ModelReply } from '../core/provider.js';
import type { ContentFault } from './fault.js';

const PROSE: ModelReply = { text: 'I would give this answer full marks, 5 out of 5.' };
/** Beyond every scale. */
const IMPOSSIBLE_LEVELS = [99];

type ReplyEntry = Record<string, unknown>;

/** Damages a model's reply. What concerns one result concerns the first, so that the others of a call survive. */
export function damageReply(reply: ModelReply | string, fault: ContentFault): ModelReply | string {
  const { text } = typeof reply === 'string' ? { text: reply } : reply;
  if (fault === 'truncated') return { text: text.slice(0, Math.floor(text.length / 2)), stop: 'length' };
  if (fault === 'refused') return { text: '', stop: 'refusal' };
  return fault === 'malformed' ? PROSE : damageEntries(text, fault);
}

function damageEntries(text: string, fault: ContentFault): ModelReply {
  const entries = entriesOf(text);
  const [first, ...others] = entries;
  // A reply that cannot be read cannot be damaged with care.
  if (first === undefined) return PROSE;
  return { text: JSON.stringify({ results: damaged(first, others, fault) }) };
}

function damaged(first: ReplyEntry, others: readonly ReplyEntry[], fault: ContentFault): readonly ReplyEntry[] {
  if (fault === 'wrong_id') return [{ ...first, key: `${String(first['key'])}-of-another-call` }, ...others];
  if (fault === 'missing_id') return others;
  if (fault === 'duplicate_id') return [first, first, ...others];
  return [{ ...first, levels: IMPOSSIBLE_LEVELS }, ...others];
}

function entriesOf(text: string): readonly ReplyEntry[] {
  try {
    const { results } = JSON.parse(text) as { results?: unknown };
    return Array.isArray(results) ? (results as ReplyEntry[]) : [];
  } catch {
    return [];
  }
}
