import { Latch } from '../../async/latch.js';

/**
 * Time for which a prefix counts as cached after its last use, in milliseconds: vendors forget after five minutes, and
 * the rest is a margin.
 */
const WARM_MS = 240_000;

/** Most prefixes that are remembered for each provider. */
const REMEMBERED = 100;

/** A prefix that the vendor has in its prompt cache, or will have when the first call with it is over. */
interface WarmPrefix {
  readonly firstCall: Latch;
  warmUntilMs: number;
}

/**
 * Prompt cache of a vendor as far as it is known: which beginnings of prompts it keeps. Owned by the provider's gate, so
 * that all runs of a controller know of it; the oldest makes room. Times are handed in, in milliseconds.
 */
export class WarmPrefixes {
  readonly #prefixes = new Map<string, WarmPrefix>();

  /** The first call with a cold prefix, which opens when it is over; `undefined` for whoever makes that call. */
  firstCall(text: string, nowMs: number): Latch | undefined {
    const known = this.#prefixes.get(text);
    if (known !== undefined && known.warmUntilMs >= nowMs) return known.firstCall;
    this.#prefixes.delete(text);
    const [oldest] = this.#prefixes.keys();
    if (this.#prefixes.size >= REMEMBERED && oldest !== undefined) this.#prefixes.delete(oldest);
    this.#prefixes.set(text, { firstCall: new Latch(), warmUntilMs: Infinity });
    return undefined;
  }

  /** A call with this prefix is over: the others may follow. */
  warmed(text: string, nowMs: number): void {
    const known = this.#prefixes.get(text);
    if (known === undefined) return;
    known.warmUntilMs = nowMs + WARM_MS;
    known.firstCall.open();
  }
}
