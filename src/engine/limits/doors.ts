import type { LimitKey } from '../../contract/provider.js';

/** Most idle doors that are remembered by name, and by model for each client. */
const REMEMBERED = 1_000;

/** A value that may be forgotten once nobody needs it. */
export interface Forgettable {
  /** True while it holds nothing that its next user would miss. */
  isIdle(): boolean;
}

/**
 * Registry of what is kept of each provider, such as its gate on a controller or its lesson in a budget. Providers are
 * told apart by the client object and the model, or by the object itself; those that name themselves share what has the
 * same name. Objects are held weakly, and of names the oldest idle ones make room, so that clients that come and go
 * leave nothing behind. Owned by a controller or a budget's ledger.
 */
export class Doors<T extends Forgettable> {
  readonly #byClient = new WeakMap<object, Map<string, T>>();
  readonly #byName = new Map<string, T>();

  /** The provider's own, made when it is asked for first. */
  of(key: LimitKey | object, make: () => T): T {
    if (typeof key === 'string') return remembered(this.#byName, key, make);
    const [client, ...parts] = isClientKey(key) ? key : [key];
    const ofClient = this.#byClient.get(client) ?? new Map<string, T>();
    this.#byClient.set(client, ofClient);
    return remembered(ofClient, JSON.stringify(parts), make);
  }
}

function isClientKey(key: object): key is Exclude<LimitKey, string> {
  return Array.isArray(key);
}

/** Least recently used: what is asked for moves to the end, and the first idle one makes room. */
function remembered<T extends Forgettable>(values: Map<string, T>, key: string, make: () => T): T {
  const value = values.get(key) ?? make();
  values.delete(key);
  values.set(key, value);
  if (values.size > REMEMBERED) {
    for (const [each, other] of values) {
      if (each === key || !other.isIdle()) continue;
      values.delete(each);
      break;
    }
  }
  return value;
}
