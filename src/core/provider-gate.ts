import { AdaptiveLimit, type AdaptiveBounds } from './adaptive-limit.js';
import { Circuit, type CircuitState } from './circuit.js';
import type { RateLimits } from './concurrency.js';
import type { Clock } from './clock.js';
import type { FailureCode } from './failure.js';
import { LaneQueue, type LaneEntry } from './lane-queue.js';
import { LatencyHistory } from './latency-history.js';
import type { RateLimitHint } from './provider.js';
import { RateEstimate } from './rate-estimate.js';
import type { LimitChange } from './report.js';
import { TokenBucket } from './token-bucket.js';

/** What shapes a gate. */
export interface ProviderGateOptions {
  readonly provider: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: RateLimits;
  readonly adaptive: AdaptiveBounds | undefined;
}

/** A call that waits to be let through. */
export interface GateTicket {
  /** Tokens it is expected to take. */
  readonly tokens: number;
  /** False once nobody wants it any more. */
  isWanted(): boolean;
  letThrough(): void;
  /** Nobody wants it: forget it. */
  drop(): void;
}

/** A call that was let through and has started. */
export interface GatePass {
  readonly startedAtMs: number;
  readonly tokens: number;
  /** How many requests and tokens were let through by then. */
  readonly requestsBefore: number;
  readonly tokensBefore: number;
}

/** How a call ended, as far as limits are concerned. */
export interface GateOutcome {
  readonly code: 'ok' | FailureCode;
  readonly isFirstAttempt: boolean;
  readonly retryAfterMs: number | undefined;
  readonly rateLimit: RateLimitHint | undefined;
  /** Tokens it really took. */
  readonly tokens: number | undefined;
  readonly durationMs: number;
  /** Slots of the controller. */
  readonly limit: number;
}

/** What a gate tells those who listen. */
export type GateChange =
  | ({ type: 'limit-changed' } & Omit<LimitChange, 'atMs'>)
  | { type: 'provider-paused'; provider: string; pauseMs: number; reason: string }
  | { type: 'circuit-changed'; provider: string; state: CircuitState };

/** A 429 without a hint pauses for a time drawn up to this, doubled each time in a row. */
const HINTLESS_PAUSE_MS = 1_000;
const HINTLESS_PAUSE_MAX_MS = 30_000;

/** Several processes that were told the same time do not come back at once. */
const PAUSE_JITTER = 0.02;

const DOWN: ReadonlySet<string> = new Set(['timeout', 'network', 'server', 'overloaded']);

/**
 * One provider's door: holds calls back while the provider is paused, its buckets are empty or enough calls are in
 * flight, and learns all of that from the replies. Shared by all runs of a controller.
 */
export class ProviderGate {
  readonly circuit: Circuit = new Circuit();
  readonly latency: LatencyHistory = new LatencyHistory();
  readonly listeners: Set<(change: GateChange) => void> = new Set();
  readonly adaptive: AdaptiveLimit | undefined;
  readonly #options: ProviderGateOptions;
  readonly #waiting = new LaneQueue<GateTicket>();
  readonly #estimate = new RateEstimate();
  #head: GateTicket | undefined;
  #requests: TokenBucket | undefined;
  #tokens: TokenBucket | undefined;
  #inFlight = 0;
  #hedges = 0;
  #requestsLetThrough = 0;
  #tokensLetThrough = 0;
  #pausedUntilMs = 0;
  #pauseSetAtMs = Number.NEGATIVE_INFINITY;
  #pausedMs = 0;
  #hintlessEpisodes = 0;
  #timer: { handle: unknown } | undefined;

  constructor(options: ProviderGateOptions) {
    const { adaptive, clock, limits } = options;
    const nowMs = clock.now();
    this.#options = options;
    this.adaptive =
      adaptive && new AdaptiveLimit(adaptive, (change) => this.#tell({ type: 'limit-changed', ...change }));
    const { requestsPerMinute, tokensPerMinute, burst } = limits;
    if (requestsPerMinute !== undefined)
      this.#requests = new TokenBucket({ perMinute: requestsPerMinute, burst }, nowMs);
    if (tokensPerMinute !== undefined) this.#tokens = new TokenBucket({ perMinute: tokensPerMinute }, nowMs);
  }

  /** Whether a token limit is known. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** The whole time that the provider was paused so far. */
  pausedMs(): number {
    return this.#pausedMs - this.pauseLeftMs();
  }

  /** How much of a pause is left, in milliseconds. */
  pauseLeftMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#options.clock.now());
  }

  /** Whether a call would be let through at once. */
  isOpen(): boolean {
    return this.#head === undefined && this.#waiting.size === 0 && this.#waitMs(0) <= 0;
  }

  /** Whether one more hedge keeps them within their share of all calls. */
  mayHedge(budget: number): boolean {
    return this.#hedges + 1 <= budget * this.#requestsLetThrough;
  }

  hedgeSent(): void {
    this.#hedges++;
  }

  /** Looks again at who waits, e.g. because somebody gave up. */
  refresh(): void {
    this.#pump();
  }

  /** Lets a ticket through, at once if nothing stands against it. */
  enter(entry: LaneEntry<GateTicket>): void {
    this.#waiting.add(entry);
    this.#pump();
  }

  /** A call that was let through begins; `undefined` if the gate has closed since, and the call must enter again. */
  start(tokens: number): GatePass | undefined {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#pausedUntilMs) {
      this.leave(tokens);
      return undefined;
    }
    this.adaptive?.started(this.#inFlight);
    return {
      startedAtMs: nowMs,
      tokens,
      requestsBefore: this.#requestsLetThrough,
      tokensBefore: this.#tokensLetThrough,
    };
  }

  /** A call that was let through will not be made: what was set aside for it goes back. */
  leave(tokens: number): void {
    this.#inFlight--;
    this.#requests?.giveBack(1);
    this.#tokens?.giveBack(tokens);
    this.#pump();
  }

  /** A call has ended: its outcome teaches the gate. */
  end(pass: GatePass, outcome: GateOutcome): void {
    const nowMs = this.#options.clock.now();
    this.#inFlight--;
    if (outcome.tokens !== undefined) this.#tokens?.giveBack(pass.tokens - outcome.tokens);
    this.#readLimits(pass, outcome.rateLimit, nowMs);
    if (outcome.code === 'rate_limited') this.#rateLimited(pass, outcome, nowMs);
    else this.#letThrough(outcome, nowMs);
    this.#pump();
  }

  #letThrough(outcome: GateOutcome, nowMs: number): void {
    const { code, isFirstAttempt, retryAfterMs, durationMs, limit } = outcome;
    if (DOWN.has(code)) {
      this.adaptive?.faulted();
      if (retryAfterMs !== undefined)
        this.#pause(retryAfterMs, `the provider answered ${code} and asked to wait`, nowMs);
      if (this.circuit.failed(limit, nowMs)) this.#tellCircuit('open');
      return;
    }
    this.#estimate.admitted();
    if (code !== 'ok') return;
    this.#hintlessEpisodes = 0;
    this.latency.add(durationMs);
    if (this.circuit.succeeded()) this.#tellCircuit('closed');
    if (isFirstAttempt) this.adaptive?.succeeded(nowMs);
  }

  #rateLimited(pass: GatePass, { retryAfterMs, rateLimit }: GateOutcome, nowMs: number): void {
    // Calls that were under way when the pause was set belong to the same episode.
    const isSameEpisode = pass.startedAtMs < this.#pauseSetAtMs;
    if (!isSameEpisode) {
      this.adaptive?.rateLimited(retryAfterMs ?? 0, nowMs);
      if (rateLimit?.requestLimit === undefined) this.#learnRate(pass.startedAtMs, nowMs);
    }
    if (retryAfterMs !== undefined) this.#pause(retryAfterMs, 'the provider answered 429 and asked to wait', nowMs);
    else if (!isSameEpisode) this.#pauseWithoutHint(nowMs);
  }

  #learnRate(sentAtMs: number, nowMs: number): void {
    this.#estimate.exhausted(sentAtMs);
    const { perMinute } = this.#estimate;
    if (perMinute === undefined) return;
    this.#requests ??= new TokenBucket({ perMinute }, nowMs);
    this.#requests.setRate(perMinute, nowMs);
    this.#requests.empty(sentAtMs, nowMs);
  }

  #pauseWithoutHint(nowMs: number): void {
    const bound = Math.min(HINTLESS_PAUSE_MAX_MS, HINTLESS_PAUSE_MS * 2 ** this.#hintlessEpisodes++);
    this.#pause(this.#options.random() * bound, 'the provider answered 429', nowMs);
  }

  /** Never shortens a pause. */
  #pause(delayMs: number, reason: string, nowMs: number): void {
    const untilMs = nowMs + delayMs * (1 + this.#options.random() * PAUSE_JITTER);
    this.#pauseSetAtMs = nowMs;
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedMs += untilMs - Math.max(nowMs, this.#pausedUntilMs);
    this.#pausedUntilMs = untilMs;
    this.#tell({ type: 'provider-paused', provider: this.#options.provider, pauseMs: untilMs - nowMs, reason });
  }

  #readLimits(pass: GatePass, hint: RateLimitHint | undefined, nowMs: number): void {
    if (hint?.requestLimit !== undefined && hint.remainingRequests !== undefined) {
      this.#requests ??= new TokenBucket({ perMinute: hint.requestLimit }, nowMs);
      this.#requests.read(
        {
          limitPerMinute: hint.requestLimit,
          remaining: hint.remainingRequests,
          sentAtMs: pass.startedAtMs,
          takenSince: this.#requestsLetThrough - pass.requestsBefore,
        },
        nowMs,
      );
    }
    if (hint?.tokenLimit !== undefined && hint.remainingTokens !== undefined) {
      this.#tokens ??= new TokenBucket({ perMinute: hint.tokenLimit }, nowMs);
      this.#tokens.read(
        {
          limitPerMinute: hint.tokenLimit,
          remaining: hint.remainingTokens,
          sentAtMs: pass.startedAtMs,
          takenSince: this.#tokensLetThrough - pass.tokensBefore,
        },
        nowMs,
      );
    }
  }

  /** Lets through what may go now, and sets one timer for the rest. */
  #pump(): void {
    for (;;) {
      const ticket = this.#nextTicket();
      if (ticket === undefined) return this.#setTimer(undefined);
      const waitMs = this.#waitMs(ticket.tokens);
      if (waitMs > 0) {
        this.#head = ticket;
        return this.#setTimer(waitMs);
      }
      this.#head = undefined;
      this.#inFlight++;
      this.#requestsLetThrough++;
      this.#tokensLetThrough += ticket.tokens;
      this.#requests?.take(1, this.#options.clock.now());
      this.#tokens?.take(ticket.tokens, this.#options.clock.now());
      ticket.letThrough();
    }
  }

  #nextTicket(): GateTicket | undefined {
    let ticket = this.#head ?? this.#waiting.take();
    while (ticket !== undefined && !ticket.isWanted()) {
      ticket.drop();
      ticket = this.#waiting.take();
    }
    return ticket;
  }

  /** `Infinity` waits for a call to end. */
  #waitMs(tokens: number): number {
    const nowMs = this.#options.clock.now();
    if (this.#inFlight >= this.#mostInFlight(nowMs)) return Infinity;
    return Math.max(
      this.#pausedUntilMs - nowMs,
      this.#requests?.waitMs(1, nowMs) ?? 0,
      this.#tokens?.waitMs(tokens, nowMs) ?? 0,
    );
  }

  #mostInFlight(nowMs: number): number {
    // A half-open circuit lets a single probe through.
    if (this.circuit.state(nowMs) === 'half_open') return 1;
    return Math.min(this.#estimate.cap ?? Infinity, this.adaptive?.limit ?? Infinity);
  }

  #setTimer(waitMs: number | undefined): void {
    const { clock } = this.#options;
    if (this.#timer !== undefined) clock.clearTimeout(this.#timer.handle);
    this.#timer = undefined;
    if (waitMs === undefined || waitMs === Infinity) return;
    this.#timer = {
      handle: clock.setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, Math.ceil(waitMs)),
    };
  }

  #tellCircuit(state: CircuitState): void {
    this.#tell({ type: 'circuit-changed', provider: this.#options.provider, state });
  }

  #tell(change: GateChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
