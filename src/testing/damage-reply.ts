import type { ModelReply } from '../contract/provider.js';
import { damageList } from './damage-list.js';
import type { ContentFault } from './fault.js';

const PROSE: ModelReply = { text: 'I would give this answer full marks, 5 out of 5.' };

interface ReplyEntry {
  key?: unknown;
  levels?: unknown;
}

/** Damages a model's reply as a bad model would. */
export function damageReply(reply: ModelReply | string, fault: ContentFault): ModelReply | string {
  const { text } = typeof reply === 'string' ? { text: reply } : reply;
  if (fault === 'truncated') return { text: text.slice(0, Math.floor(text.length / 2)), stop: 'length' };
  if (fault === 'refused') return { text: '', stop: 'refusal' };
  const entries = entriesOf(text);
  // A reply that cannot be read cannot be damaged with care.
  if (fault === 'malformed' || entries.length === 0) return PROSE;
  const results = damageList(
    entries,
    fault,
    (entry) => ({ ...entry, key: `${String(entry.key)}-of-another-call` }),
    (entry) => ({ ...entry, levels: [99] }),
  );
  return { text: JSON.stringify({ results }) };
}

function entriesOf(text: string): readonly ReplyEntry[] {
  try {
    const { results } = JSON.parse(text) as { results?: unknown };
    return Array.isArray(results) ? results : [];
  } catch {
    return [];
  }
}
