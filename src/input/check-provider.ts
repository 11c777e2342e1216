import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { Provider, ProviderCapabilities } from '../contract/provider.js';
import { describe } from './misuse.js';
import { nearestName } from './nearest-name.js';
import type { OptionRule } from './option-rules.js';

const toggle: OptionRule = { rule: 'must be true or false', holds: (value) => typeof value === 'boolean' };
const atLeastOne: OptionRule = {
  rule: 'must be an integer of at least 1, or left out for no limit',
  holds: (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 1),
};
const count: OptionRule = {
  rule: 'must be a number of at least 0',
  holds: (value) => typeof value === 'number' && value >= 0,
};

/** A record over every capability, so that the compiler asks for a new one. */
const CAPABILITIES: { readonly [Name in keyof Required<ProviderCapabilities>]: OptionRule } = {
  maxItemsPerCall: atLeastOne,
  enforcesSchema: toggle,
  isolatesItems: toggle,
  feedback: toggle,
  showsSchema: toggle,
  readsFar: toggle,
  cachedPrefixTokens: count,
  maxConcurrency: atLeastOne,
  local: toggle,
};

/**
 * Checks what a provider says of itself: with a limit of 0 or NaN no call would ever start. Near misses of capabilities
 * are misuse; others of the provider's own are fine.
 *
 * @throws {GradingOptionsError} naming the field under `path`.
 */
export function checkProvider(provider: Provider, path: string): void {
  try {
    for (const name of ['name', 'fingerprint'] as const) {
      const value: unknown = provider[name];
      if (value !== undefined && (typeof value !== 'string' || value === '')) {
        throw new GradingOptionsError(`${path}.${name}`, 'must be a text that is not empty', describe(value, path));
      }
    }
    const { limitKey } = provider;
    if (!isLimitKey(limitKey)) {
      const rule = 'must be a text that is not empty, or a list of a client object and texts';
      throw new GradingOptionsError(`${path}.limitKey`, rule, describe(limitKey, path));
    }
    checkCapabilities(provider.capabilities, `${path}.capabilities`);
  } catch (error) {
    if (isGradingOptionsError(error)) throw error;
    throw new GradingOptionsError(path, 'must be readable', 'an object that throws when it is read');
  }
}

function isLimitKey(key: unknown): boolean {
  if (!Array.isArray(key)) return key === undefined || (typeof key === 'string' && key !== '');
  const [client, ...parts]: readonly unknown[] = key;
  const isClient = (typeof client === 'object' && client !== null) || typeof client === 'function';
  return isClient && parts.every((part) => typeof part === 'string');
}

function checkCapabilities(capabilities: unknown, path: string): void {
  if (capabilities === undefined) return;
  if (typeof capabilities !== 'object' || capabilities === null) {
    throw new GradingOptionsError(path, 'must be an object', describe(capabilities, path));
  }
  for (const [name, value] of Object.entries(capabilities)) {
    if (value === undefined) continue;
    const field = `${path}.${name}`;
    if (!isCapability(name)) {
      const near = nearestName(name, Object.keys(CAPABILITIES));
      if (near === undefined) continue;
      throw new GradingOptionsError(field, `is no capability (did you mean ${near}?)`, describe(value, field));
    }
    const { rule, holds } = CAPABILITIES[name];
    if (!holds(value)) throw new GradingOptionsError(field, rule, describe(value, field));
  }
}

function isCapability(name: string): name is keyof ProviderCapabilities {
  return Object.hasOwn(CAPABILITIES, name);
}
