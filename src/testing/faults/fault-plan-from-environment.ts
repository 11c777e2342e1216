import { openFaultPlan, type FaultPlan, type FaultStep, type RandomFaults } from './fault-plan.js';
import { FAULT_PRESETS, type FaultName, type FaultPreset } from './faults.js';

const SETTINGS = ['seed', 'retryAfterMs', 'delayMs'] as const;
type Settings = Partial<Record<(typeof SETTINGS)[number], number>>;

/**
 * Reads a fault plan from one line of text, so that an app can be tried on a bad day by setting an environment variable.
 * The line is a preset (`bad-day`, `outage`, `rate-limited`), faults with their probabilities
 * (`rate_limited:0.2,hang:0.05`) or a step per call (`ok,rate_limited,ok`), and after semicolons `seed`, `retryAfterMs`
 * and `delayMs`.
 *
 * @param value The variable's value; `undefined` or an empty text means no faults.
 * @returns A plan for `faultyProvider`.
 * @throws {RangeError} for a line that is not of this form.
 *
 * @example
 * ```ts
 * import { faultPlanFromEnvironment, faultyProvider, mockProvider } from 'gradelanes/testing';
 *
 * const plan = faultPlanFromEnvironment('rate_limited:0.2,hang:0.05;seed=7');
 * const provider = faultyProvider(mockProvider(), plan);
 * console.log(provider.name, JSON.stringify(plan)); // mock {"seed":7,"faults":{"rate_limited":0.2,"hang":0.05}}
 * ```
 */
export function faultPlanFromEnvironment(value: string | undefined): FaultPlan {
  const [head = '', ...tail] = (value ?? '').split(';').map((part) => part.trim());
  if (head === '') return [];
  const plan = planOf(head, settingsOf(tail));
  openFaultPlan(plan);
  return plan;
}

function planOf(head: string, settings: Settings): FaultPlan {
  if (isPreset(head)) return { ...FAULT_PRESETS[head], ...settings };
  const parts = head.split(',').map((part) => part.trim());
  if (parts.some((part) => part.includes(':'))) return { ...settings, faults: chancesOf(parts) };
  return parts.map((name) => stepOf(name, settings));
}

function isPreset(name: string): name is FaultPreset {
  return Object.hasOwn(FAULT_PRESETS, name);
}

function chancesOf(parts: readonly string[]): RandomFaults['faults'] {
  return Object.fromEntries(parts.map((part) => pairOf(part, ':')));
}

/** The name is checked with the plan. */
function stepOf(name: string, { retryAfterMs, delayMs }: Settings): FaultStep {
  const fault = name as FaultName;
  return name === 'ok' || (retryAfterMs ?? delayMs) === undefined ? fault : { fault, retryAfterMs, delayMs };
}

function settingsOf(parts: readonly string[]): Settings {
  const pairs = parts.filter((part) => part !== '').map((part) => pairOf(part, '='));
  const unknown = pairs.find(([name]) => !SETTINGS.some((each) => each === name));
  if (unknown !== undefined) throw malformed(unknown[0]);
  return Object.fromEntries(pairs);
}

function pairOf(part: string, separator: string): [string, number] {
  const [name = '', text = ''] = part.split(separator).map((each) => each.trim());
  const amount = Number(text);
  if (text === '' || !Number.isFinite(amount)) throw malformed(part);
  return [name, amount];
}

function malformed(part: string): RangeError {
  return new RangeError(
    `fault plan must be like "bad-day;seed=1", "network:0.2,hang:0.1" or "ok,network": received ${part}`,
  );
}
