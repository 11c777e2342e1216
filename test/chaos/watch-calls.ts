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
      grade(items, call) {
        seen.calls += 1;
        seen.inFlight += 1;
        seen.peakInFlight = Math.max(seen.peakInFlight, seen.inFlight);
        const end = (): void => {
          seen.inFlight -= 1;
        };
        return untouched(() => grade(items, call), end);
      },
    }),
  };
}

/** What a provider does comes through as it is, also what it throws or returns at once. */
function untouched<Given>(call: () => Given, onEnd: () => void): Given {
  let given: Given | undefined;
  try {
    given = call();
    return given;
  } finally {
    if (given instanceof Promise) given.then(onEnd, onEnd);
    else onEnd();
  }
}
