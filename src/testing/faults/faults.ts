/** Faults that throw a `ProviderError` of the same code, and the HTTP status they come with. */
export const THROWN_FAULTS = {
  rate_limited: 429,
  overloaded: 529,
  timeout: undefined,
  network: undefined,
  server: 500,
  auth: 401,
  quota: 429,
  not_found: 404,
  invalid_request: 400,
  too_large: 413,
} as const;

/** Faults of the call itself. */
const CALL_FAULTS = ['hang', 'ignores_abort', 'slow', 'throws_null', 'settles_twice'] as const;

/** Faults of what a call returns. */
const CONTENT_FAULTS = [
  'truncated',
  'malformed',
  'refused',
  'wrong_id',
  'missing_id',
  'duplicate_id',
  'out_of_range',
  'noisy',
  'always_full',
  'prose_around',
  'no_confidence',
] as const;

export type ThrownFault = keyof typeof THROWN_FAULTS;

export type CallFault = (typeof CALL_FAULTS)[number];

export type ContentFault = (typeof CONTENT_FAULTS)[number];

/**
 * The name of a fault. `rate_limited` to `too_large` throw a `ProviderError` of that code; `hang` ends only on abort and
 * `ignores_abort` not even then; `slow` is late; `throws_null` throws `null`; `settles_twice` resolves and then rejects;
 * the others damage what the provider returns: `noisy` marks some answers a level up or down, `always_full` gives full
 * marks, `prose_around` puts the JSON of a model between sentences, `no_confidence` leaves that out.
 */
export type FaultName = ThrownFault | CallFault | ContentFault;

/** A fault with its settings. */
export interface Fault {
  fault: FaultName;
  /** What a refused call says of the next one, in milliseconds. @default 1_000 for `rate_limited`, none for others */
  retryAfterMs?: number | undefined;
  /** How late a `slow` call starts, and when one that `ignores_abort` ends. @default 5_000 for `slow`, else never */
  delayMs?: number | undefined;
}

export function isThrownFault(name: string): name is ThrownFault {
  return Object.hasOwn(THROWN_FAULTS, name);
}

export function isContentFault(name: string): name is ContentFault {
  return CONTENT_FAULTS.some((each) => each === name);
}

export function isFaultName(name: string): name is FaultName {
  return isThrownFault(name) || isContentFault(name) || CALL_FAULTS.some((each) => each === name);
}

/** A ready-made day at a provider. */
export type FaultPreset = 'bad-day' | 'outage' | 'rate_limited' | 'rate-limited';

interface PresetFaults {
  faults: Readonly<Partial<Record<FaultName, number>>>;
  retryAfterMs?: number;
}

const RATE_LIMITED: PresetFaults = { faults: { rate_limited: 0.5 }, retryAfterMs: 2_000 };

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
  rate_limited: RATE_LIMITED,
  // As it was called first.
  'rate-limited': RATE_LIMITED,
};

/** All of them, for errors that list what there is. */
export const FAULT_NAMES: readonly string[] = [...Object.keys(THROWN_FAULTS), ...CALL_FAULTS, ...CONTENT_FAULTS];
