import type { GradingEvent } from 'gradelanes';

/** First calls of an answer to a provider that are free beyond the very first. */
const MOST_LATER_FIRSTS = 2;

/** Time after a provider's last good reply in which its 429s are paced by its gate, in milliseconds. */
const LATELY_MS = 120_000;

type CallStarted = Extract<GradingEvent, { type: 'call-started' }>;
type CallEnded = Extract<GradingEvent, { type: 'call-ended' }>;

/**
 * Counts the calls that must come out of a run's budget for repeated calls, from its events alone: all but an answer's
 * first call to a provider, two further firsts (in a later mode, or alone), and the repeat of a call that a provider
 * turned away for its rate while it answered others.
 */
export function repeatedCalls(events: readonly GradingEvent[]): number {
  const isFirst = firstCalls();
  const isPaced = pacedRepeats();
  let count = 0;
  for (const event of events) {
    if (event.type === 'call-ended') isPaced.ended(event);
    if (event.type !== 'call-started') continue;
    const isFree = [isFirst(event), isPaced.started(event)].includes(true);
    if (!isFree) count += 1;
  }
  return count;
}

/** Most repeated calls of a run: 10 that its budget starts with, and half a call for each graded answer. */
export function mostRepeatedCalls(gradedCount: number): number {
  return 0.5 * gradedCount + 10;
}

/** Tells of each call in turn whether it is a free first one of all its answers. */
function firstCalls(): (call: CallStarted) => boolean {
  /** Modes that carried an answer to a provider, each also with `alone` once that was so. */
  const waysOf = new Map<string, Set<string>>();
  const laterFirsts = new Map<string, number>();
  return ({ provider, mode, indices }) => {
    const ways = indices.length === 1 ? [mode, `${mode} alone`] : [mode];
    const areFree = indices.map((index) => {
      const name = `${provider} on answer ${index}`;
      const known = waysOf.get(name);
      waysOf.set(name, new Set([...(known ?? []), ...ways]));
      if (known === undefined) return true;
      if (ways.every((way) => known.has(way))) return false;
      const firsts = (laterFirsts.get(name) ?? 0) + 1;
      laterFirsts.set(name, firsts);
      return firsts <= MOST_LATER_FIRSTS;
    });
    return !areFree.includes(false);
  };
}

/** Tells of each call in turn whether its provider turned it away before, having answered another lately. */
function pacedRepeats(): { started: (call: CallStarted) => boolean; ended: (call: CallEnded) => void } {
  const paced = new Set<string>();
  const answeredAtMs = new Map<string, number>();
  return {
    started: ({ callId }) => paced.delete(callId),
    ended: ({ callId, provider, outcome, atMs }) => {
      if (outcome === 'ok') answeredAtMs.set(provider, atMs);
      const isSlow = atMs - (answeredAtMs.get(provider) ?? -Infinity) < LATELY_MS;
      if (outcome === 'rate_limited' && isSlow) paced.add(callId);
      else paced.delete(callId);
    },
  };
}
