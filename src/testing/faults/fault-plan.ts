import { type Fault, FAULT_PRESETS, type FaultName, type FaultPreset, FAULT_NAMES, isFaultName } from './faults.js';
import { seededRandom } from '../../contract/seeded-random.js';

/** What happens to one call: nothing, or a fault. */
export type FaultStep = 'ok' | FaultName | Fault;

/** Faults by chance, the same for the same seed. */
export interface RandomFaults {
  /** Any integer. @default 1 */
  seed?: number | undefined;
  /** Faults that are equally likely, or the probability (0..1) of each. */
  faults: readonly FaultName[] | Readonly<Partial<Record<FaultName, number>>>;
  /** Share of calls that fail, 0..1, for a list of faults. @default 0.2 */
  rate?: number | undefined;
  /** For every fault that has one. @default 1_000 for `rate_limited` */
  retryAfterMs?: number | undefined;
  /** For every fault that has one. @default 5_000 for `slow` */
  delayMs?: number | undefined;
}

/** A ready-made day with settings of its own. */
export interface PresetFaults extends Omit<RandomFaults, 'faults' | 'rate'> {
  preset: FaultPreset;
}

/**
 * Which calls fail and how, as plain data: a step per call in the order they start (calls after the last step are
 * `'ok'`), chances with a seed, or the name of a ready-made day.
 */
export type FaultPlan = readonly FaultStep[] | RandomFaults | FaultPreset | PresetFaults;

/** Checks a plan; the function returned says what happens to the next call. */
export function openFaultPlan(plan: FaultPlan): () => Fault | undefined {
  if (typeof plan === 'string') return openRandomFaults(presetNamed(plan));
  if (isSteps(plan)) return openSteps(plan);
  if (typeof plan !== 'object' || plan === null) throw noPlan(plan);
  if ('preset' in plan) {
    const { preset, ...settings } = plan;
    return openRandomFaults({ ...presetNamed(preset), ...definedIn(settings) });
  }
  if (typeof plan.faults !== 'object' || plan.faults === null) throw noPlan(plan);
  return openRandomFaults(plan);
}

function noPlan(received: unknown): RangeError {
  const rule = "must be a list of steps, { faults }, { preset } or a preset's name";
  return new RangeError(`plan ${rule}: received ${JSON.stringify(received) ?? String(received)}`);
}

function definedIn<Settings extends object>(settings: Settings): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Partial<Settings>;
}

function presetNamed(name: FaultPreset): RandomFaults {
  if (Object.hasOwn(FAULT_PRESETS, name)) return FAULT_PRESETS[name];
  throw new RangeError(`plan must be a plan or ${Object.keys(FAULT_PRESETS).join(', ')}: received ${name}`);
}

function isSteps(plan: FaultPlan): plan is readonly FaultStep[] {
  return Array.isArray(plan);
}

function openSteps(steps: readonly FaultStep[]): () => Fault | undefined {
  const faults = steps.map((step, index) => toFault(step, `plan[${index}]`));
  let position = 0;
  return () => faults[position++];
}

function toFault(step: FaultStep, field: string): Fault | undefined {
  if (step === 'ok') return undefined;
  const fault = typeof step === 'string' ? { fault: step } : step;
  if (typeof fault !== 'object' || fault === null) throw unnamed(field, fault);
  checkName(fault.fault, field);
  return fault;
}

function openRandomFaults({ seed = 1, retryAfterMs, delayMs, ...plan }: RandomFaults): () => Fault | undefined {
  if (!Number.isInteger(seed)) throw new RangeError(`plan.seed must be an integer: received ${seed}`);
  const chances = chancesOf(plan);
  const random = seededRandom(seed);
  return () => {
    let left = random();
    for (const [fault, chance] of chances) {
      left -= chance;
      if (left < 0) return { fault, retryAfterMs, delayMs };
    }
    return undefined;
  };
}

function chancesOf({ faults, rate = 0.2 }: RandomFaults): readonly (readonly [FaultName, number])[] {
  const pairs: [string, number][] = isList(faults)
    ? faults.map((fault) => [fault, rate / faults.length])
    : Object.entries(faults);
  const total = pairs.reduce((sum, [, chance]) => sum + chance, 0);
  // A little above 1, because thirds do not sum to 1 in binary.
  const negative = pairs.find(([, chance]) => chance < 0);
  if (negative !== undefined) throw new RangeError(`plan.faults must be 0 or more: received ${negative.join(' ')}`);
  if (!(total <= 1 + 1e-9)) {
    throw new RangeError(`plan.faults must sum to at most 1: received ${total}`);
  }
  return pairs.map(([name, chance]) => [checkName(name, 'plan.faults'), chance]);
}

function isList(faults: RandomFaults['faults']): faults is readonly FaultName[] {
  return Array.isArray(faults);
}

function checkName(name: string, field: string): FaultName {
  if (isFaultName(name)) return name;
  throw unnamed(field, name);
}

function unnamed(field: string, received: unknown): RangeError {
  return new RangeError(`${field} must name a fault (${FAULT_NAMES.join(', ')}): received ${String(received)}`);
}
