import { ProviderError } from '../../contract/errors.js';
import type { ModelReply, Verdict } from '../../contract/provider.js';
import type { ContentFault } from './faults.js';

const PROSE: ModelReply = { text: 'I would give this answer full marks, 5 out of 5.' };

interface ReplyEntry {
  key?: unknown;
  levels?: unknown;
  confidence?: unknown;
}

/** Faults of the marking itself: the reply is well-formed. */
type MarkingFault = Extract<ContentFault, 'noisy' | 'always_full' | 'no_confidence'>;

function isMarking(fault: ContentFault): fault is MarkingFault {
  return fault === 'noisy' || fault === 'always_full' || fault === 'no_confidence';
}

/** A noisy grader is a level off, up and down in turns: seeded chance decides which calls, not which way. */
const STEP = 1;
const MAXIMUM_LEVEL = 5;

function markEntry({ confidence, ...entry }: ReplyEntry, fault: MarkingFault, index: number): ReplyEntry {
  if (fault === 'no_confidence') return entry;
  const levels = Array.isArray(entry.levels) ? entry.levels.map(Number) : [];
  const change = index % 2 === 0 ? -STEP : STEP;
  const marked = levels.map((level) =>
    fault === 'always_full' ? MAXIMUM_LEVEL : Math.min(MAXIMUM_LEVEL, Math.max(0, level + change)),
  );
  return { ...entry, levels: marked, confidence };
}

function markVerdict(verdict: Verdict, fault: MarkingFault, index: number): Verdict {
  if ('refused' in verdict || 'malformed' in verdict) return verdict;
  if (fault === 'no_confidence') return { ...verdict, confidence: undefined };
  const change = (index % 2 === 0 ? -STEP : STEP) / MAXIMUM_LEVEL;
  const mark = (score: number): number =>
    fault === 'always_full' ? 1 : Math.min(1, Math.max(0, Math.round((score + change) * 1e6) / 1e6));
  if ('score' in verdict) return { ...verdict, score: mark(verdict.score) };
  return { ...verdict, criteria: verdict.criteria.map((each) => ({ ...each, score: mark(each.score) })) };
}

/** Damages a model's reply as a bad model would. */
export function damageReply(reply: ModelReply | string, fault: ContentFault): ModelReply | string {
  const { text } = typeof reply === 'string' ? { text: reply } : reply;
  if (fault === 'truncated') return { text: text.slice(0, Math.floor(text.length / 2)), stop: 'length' };
  if (fault === 'refused') return { text: '', stop: 'refusal' };
  if (fault === 'prose_around') return { text: `Here are the marks:\n${text}\nI hope that helps.` };
  const entries = entriesOf(text);
  // A reply that cannot be read cannot be damaged with care.
  if (fault === 'malformed' || entries.length === 0) return PROSE;
  if (isMarking(fault)) {
    const marked = entries.map((entry, index) => markEntry(entry, fault, index));
    return { text: JSON.stringify({ results: marked }) };
  }
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

/** Faults of a list of verdicts or results, whatever these look like. */
type ListFault = Extract<ContentFault, 'wrong_id' | 'missing_id' | 'duplicate_id' | 'out_of_range'>;

/**
 * Damages the first of a list, so that the others show that they survive. `rename` gives it a foreign id, `exaggerate`
 * a score beyond every scale.
 */
function damageList<Each>(
  [first, ...others]: readonly Each[],
  fault: ListFault,
  rename: (each: Each) => Each,
  exaggerate: (each: Each) => Each,
): readonly Each[] {
  if (first === undefined || fault === 'missing_id') return others;
  if (fault === 'duplicate_id') return [first, first, ...others];
  return [fault === 'wrong_id' ? rename(first) : exaggerate(first), ...others];
}

/** Damages verdicts as a bad provider would. */
export function damageVerdicts(verdicts: readonly Verdict[], fault: ContentFault): readonly Verdict[] {
  const message = `injected fault: ${fault}`;
  if (fault === 'truncated') throw new ProviderError(fault, message);
  if (isMarking(fault)) return verdicts.map((verdict, index) => markVerdict(verdict, fault, index));
  if (fault === 'malformed' || fault === 'prose_around') return verdicts.map(({ id }) => ({ id, malformed: message }));
  if (fault === 'refused') return verdicts.map(({ id }) => ({ id, refused: message }));
  return damageList<Verdict>(
    verdicts,
    fault,
    (verdict) => ({ ...verdict, id: `${verdict.id}-of-another-call` }),
    ({ id }) => ({ id, score: 7 }),
  );
}
