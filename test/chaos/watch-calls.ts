import type { GradingProvider } from 'gradelanes';
import type { SeenByProvider } from './expect-sound.js';

/** Counts the calls of several providers together. */
export interface CallWatch extends SeenByProvider {
  /** Calls so far. */
  readonly calls: number;
  /** The provider, with its calls counted. */
  watch(provider: GradingProvider): GradingProvider;
}

/** Watches what goes to the outermost provider, faults included, as a mock server's record does over HTTP. */
export function watchCalls(): CallWatch {
  const seen = { calls: 0, inFlight: 0, peakInFlight: 0 };
  return {
    get calls() {
      return seen.calls;
    },
    get inFlight() {
      return seen.inFlight;
    },
    get peakInFlight() {
      return seen.peakInFlight;
    },
    watch: ({ name, fingerprint, capabilities, grade }) => ({
      name,
      fingerprint,
      capabilities,
      async grade(items, call) {
        seen.calls += 1;
        seen.inFlight += 1;
        seen.peakInFlight = Math.max(seen.peakInFlight, seen.inFlight);
        try {
          return await grade(items, call);
        } finally {
          seen.inFlight -= 1;
        }
      },
    }),
  };
}
