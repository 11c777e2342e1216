import type { FaultName } from './fault.js';

/** A ready-made day at a provider. */
export type FaultPreset = 'bad-day' | 'outage' | 'rate-limited';

interface PresetFaults {
  faults: Readonly<Partial<Record<FaultName, number>>>;
  retryAfterMs?: number;
}

/** About a third of the calls fail in all sorts of ways; none at all gets through; every second one comes too soon. */
export const FAULT_PRESETS: Readonly<Record<FaultPreset, PresetFaults>> = {
  'bad-day': {
    faults: {
      rate_limited: 0.08,
      overloaded: 0.06,
      network: 0.04,
      server: 0.04,
      slow: 0.04,
      malformed: 0.04,
      truncated: 0.02,
      missing_id: 0.02,
    },
  },
  outage: { faults: { network: 0.5, overloaded: 0.5 } },
  'rate-limited': { faults: { rate_limited: 0.5 }, retryAfterMs: 2_000 },
};
