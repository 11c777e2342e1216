import { AdaptiveLimit, type AdaptiveBounds } from './adaptive-limit.js';
import { Circuit, type CircuitState } from './circuit.js';
import type { RateLimits } from '../../contract/controller.js';
import type { Clock } from '../../contract/clock.js';
import type { GateOutcome, GatePass, GateTicket } from './gate-pass.js';
import type { QueueEntry } from './fair-queue.js';
import { LatencyHistory } from './latency-history.js';
import type { RateLimitHint } from '../../contract/provider.js';
import { ProviderPause } from './provider-pause.js';
import { RateBuckets } from './rate-limits.js';
import type { LimitChange } from '../../contract/report.js';
import { RESTART_IN_FLIGHT } from './rate-estimate.js';
import { TokenLessons } from './token-lessons.js';
import { WaitingRoom } from './waiting-room.js';
import { WarmPrefixes } from './warm-prefixes.js';

/**
 * Options of a gate: the provider's name in events, injected time and randomness, and the limits that the user gave.
 */
export interface ProviderGateOptions {
  readonly provider: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: RateLimits;
  readonly adaptive: AdaptiveBounds | undefined;
}

/** Change of a gate, as its listeners hear of it. */
export type GateChange =
  | ({ type: 'limit-changed' } & Omit<LimitChange, 'atMs' | 'provider'>)
  | { type: 'provider-paused'; provider: string; pauseMs: number; reason: string }
  | { type: 'circuit-changed'; provider: string; state: CircuitState };

/** Faults that say the provider is not there; a 429 is there. */
const DOWN: ReadonlySet<string> = new Set(['timeout', 'network', 'server', 'overloaded']);

/**
 * Gate: one provider's door. Holds calls back while the provider is paused, its buckets are empty or enough calls are in
 * flight, and learns all of that from the replies. Owned by the controller and shared by all its runs; lives as long as
 * the provider, or as its name is remembered.
 */
export class ProviderGate {
  readonly circuit: Circuit = new Circuit();
  readonly latency: LatencyHistory = new LatencyHistory();
  /** Runs that use the gate; each removes its listener at its end. */
  readonly listeners: Set<(change: GateChange) => void> = new Set();
  readonly adaptive: AdaptiveLimit | undefined;
  readonly warmPrefixes: WarmPrefixes = new WarmPrefixes();
  readonly #options: ProviderGateOptions;
  readonly #waiting: WaitingRoom;
  readonly #rate: RateBuckets;
  readonly #pause: ProviderPause;
  readonly #lessons = new TokenLessons();
  #inFlight = 0;
  #admittedCount = 0;
  /** Time of the last call that was answered. */
  #answeredAtMs = -Infinity;
  /** Second copies sent so far. */
  #hedges = 0;
  /** Most calls in flight after a pause that an overload asked for. */
  #restartCap: number | undefined;
  /** State of the circuit that listeners were told last. */
  #toldCircuit: CircuitState = 'closed';

  constructor(options: ProviderGateOptions) {
    const { adaptive, clock, limits, random } = options;
    this.#options = options;
    this.#rate = new RateBuckets(limits, clock.now());
    this.#pause = new ProviderPause(random);
    this.#waiting = new WaitingRoom({
      clock,
      waitMs: ({ estimate, mostAtOnce }) => this.#waitMs({ tokens: this.#lessons.expected(estimate), mostAtOnce }),
      admit: (entry) => this.#admit(entry),
    });
    this.adaptive =
      adaptive && new AdaptiveLimit(adaptive, (change) => this.#tell({ type: 'limit-changed', ...change }));
  }

  /**
   * True if the tokens of a call matter: a limit of them is known, or no reply has told yet that there is none. The first
   * reply says what was left before most of the calls beside it came, so what those take must be known by then.
   */
  get countsTokens(): boolean {
    return this.#rate.countsTokens || this.#admittedCount === 0;
  }

  /** Calls so far that the provider did not turn away. */
  get admittedCount(): number {
    return this.#admittedCount;
  }

  /** Milliseconds since the provider last answered a call; `Infinity` if it never did. */
  answeredAgoMs(): number {
    return this.#options.clock.now() - this.#answeredAtMs;
  }

  /** Total time that the provider was paused so far, in milliseconds. */
  pausedMs(): number {
    return this.#pause.spentMs(this.#options.clock.now());
  }

  /** Rest of the pause, in milliseconds; 0 without one. */
  pauseLeftMs(): number {
    return this.#pause.leftMs(this.#options.clock.now());
  }

  /** True if the pause is one that a run with another provider does not sit out. */
  isHopeless(): boolean {
    return this.#pause.isHopeless(this.#options.clock.now());
  }

  /** True if a call would be let through at once. */
  isOpen(mostAtOnce: number = Infinity): boolean {
    return !this.#waiting.hasReady() && this.#waitMs({ tokens: 0, mostAtOnce }) <= 0;
  }

  /** True while nobody uses it and its provider is not known to be away: what it learned may be forgotten. */
  isIdle(): boolean {
    const nowMs = this.#options.clock.now();
    const isUsed = this.#inFlight > 0 || this.#waiting.size > 0 || this.listeners.size > 0;
    return !isUsed && this.#pause.leftMs(nowMs) === 0 && this.circuit.probeInMs(nowMs) <= 0;
  }

  /** True if one more hedge keeps them within their share of all calls; the first may be owed. */
  mayHedge(budget: number, mayOweOne: boolean = false): boolean {
    return this.#hedges + (mayOweOne ? 0 : 1) <= budget * this.#rate.requestsTaken;
  }

  /** Counts a second copy against the share of hedges. */
  hedgeSent(): void {
    this.#hedges++;
  }

  /** Looks again at who waits, e.g. because somebody gave up. */
  refresh(): void {
    this.#waiting.refresh();
  }

  /** Lets a ticket through, at once if nothing stands against it. */
  enter(entry: QueueEntry<GateTicket>): void {
    this.#waiting.enter(entry);
  }

  /** A call that was let through begins; `undefined` if the gate has closed since, and the call must enter again. */
  start(tokens: number, estimate: number = tokens, isBackground: boolean = false): GatePass | undefined {
    const nowMs = this.#options.clock.now();
    if (this.#pause.leftMs(nowMs) > 0 || this.circuit.probeInMs(nowMs) > 0) {
      this.leave(tokens);
      return undefined;
    }
    const mark = this.#rate.start(tokens, nowMs);
    // Calls that were let through and wait for a slot do not count: they put no load on the provider.
    this.adaptive?.started(mark.requestsUnderWay + 1);
    // A call that was let through and waits for a slot goes before the background's next one.
    if (isBackground) this.#waiting.backgroundStarted(this.#inFlight - mark.requestsUnderWay - 1);
    // What was kept for it in the buckets is taken, so that others may be let through.
    if (this.#waiting.size > 0) this.#waiting.refresh();
    return { ...mark, tokens, estimate };
  }

  /** A call that was let through will not be made: what was set aside for it goes back. */
  leave(tokens: number): void {
    this.#inFlight--;
    this.#rate.leave(tokens);
    this.#waiting.refresh();
  }

  /** A call has ended: its outcome teaches the gate. */
  end(pass: GatePass, outcome: GateOutcome): void {
    const nowMs = this.#options.clock.now();
    this.#inFlight--;
    if (outcome.code === 'rate_limited') this.#rate.rejected(pass, pass.tokens, nowMs);
    else this.#rate.ended(pass.tokens, outcome.tokens);
    if (outcome.tokens !== undefined) this.#lessons.learn(pass.estimate, outcome.tokens);
    if (outcome.rateLimit !== undefined) this.#rate.read(pass, outcome.rateLimit, nowMs);
    if (outcome.code === 'rate_limited') this.#rateLimited(pass, outcome, nowMs);
    else if (DOWN.has(outcome.code)) this.#wasDown(pass, outcome, nowMs);
    else this.#wentThrough(pass, outcome, nowMs);
    this.#waiting.refresh();
  }

  /**
   * Learns from a call that did not reach a working provider: the adaptive limit stops growing, and the circuit counts.
   */
  #wasDown({ callNumber }: GatePass, { code, retryAfterMs = 0, limit, isOfSeveral }: GateOutcome, nowMs: number): void {
    this.adaptive?.faulted();
    if (retryAfterMs > 0) {
      this.#restartCap = RESTART_IN_FLIGHT;
      this.#tellPause(
        this.#pause.extend(retryAfterMs, nowMs),
        `a call failed (${code}) and the provider asked to wait`,
      );
    }
    // As a probe it counts all the same: the next one must not follow at once.
    if (isOfSeveral && this.circuit.state(nowMs) === 'closed') return;
    if (code === 'ok') return;
    const call = { callNumber, callsStarted: this.#rate.callsStarted, code };
    if (this.circuit.failed(call, limit, nowMs)) this.#tellCircuit('open');
  }

  /**
   * Learns from a call that was not turned away and met no outage: the row of pauses ends, and a success closes the
   * circuit.
   */
  #wentThrough(
    pass: GatePass,
    { code, durationMs, isFirstAttempt, rateLimit, limit }: GateOutcome,
    nowMs: number,
  ): void {
    this.#admittedCount++;
    this.#pause.letThrough();
    this.#rate.admitted(pass, nowMs);
    this.#awaitReset(rateLimit, nowMs);
    if (code !== 'ok') return;
    this.#pause.succeeded();
    this.#answeredAtMs = nowMs;
    this.latency.add(durationMs);
    // One more with every success: twice as many each round.
    if (this.#restartCap !== undefined && ++this.#restartCap >= limit) this.#restartCap = undefined;
    if (this.circuit.succeeded()) this.#tellCircuit('closed');
    if (isFirstAttempt) this.adaptive?.succeeded(nowMs, limit);
  }

  /**
   * Pauses until the vendor's reset where only that is known. A limit that is told is paced by its rate instead: the
   * reset may be the time when all of it is there again.
   */
  #awaitReset({ requestLimit, remainingRequests, requestResetMs }: RateLimitHint = {}, nowMs: number): void {
    if (requestLimit !== undefined || remainingRequests !== 0 || requestResetMs === undefined) return;
    this.#tellPause(this.#pause.extend(requestResetMs, nowMs), 'the provider has no requests left');
  }

  /** A hint of no time at all is none: whoever took it at its word would be turned away again at once. */
  #rateLimited(pass: GatePass, { retryAfterMs = 0, rateLimit, limit }: GateOutcome, nowMs: number): void {
    const isSameEpisode = this.#pause.isOlder(pass.startedAtMs);
    if (!isSameEpisode) {
      this.adaptive?.rateLimited(retryAfterMs, nowMs, limit);
      this.#rate.exhausted(pass, rateLimit, nowMs);
    }
    if (retryAfterMs > 0) {
      this.#tellPause(this.#pause.extend(retryAfterMs, nowMs), 'the provider answered 429 and asked to wait');
    } else if (!isSameEpisode) {
      this.#tellPause(this.#pause.extendWithoutHint(nowMs), 'the provider answered 429');
    }
  }

  /** Lets a ticket through: takes a place of its run, and sets its share of the buckets aside. */
  #admit({ claim, value: ticket }: QueueEntry<GateTicket>): void {
    const nowMs = this.#options.clock.now();
    const tokens = this.#lessons.expected(ticket.estimate);
    claim.take();
    this.#inFlight++;
    this.#rate.reserve(tokens);
    if (this.circuit.state(nowMs) === 'half_open') this.#tellCircuit('half_open');
    ticket.letThrough(tokens);
  }

  /** `Infinity` waits for a call to start or to end. */
  #waitMs({ tokens, mostAtOnce }: { tokens: number; mostAtOnce: number }): number {
    const nowMs = this.#options.clock.now();
    if (this.#inFlight >= Math.min(this.#mostInFlight(nowMs), mostAtOnce)) return Infinity;
    return Math.max(this.#pause.leftMs(nowMs), this.circuit.probeInMs(nowMs), this.#rate.waitMs(tokens, nowMs));
  }

  /** Most calls in flight just now: the lowest of the caps that are in force. */
  #mostInFlight(nowMs: number): number {
    // A half-open circuit lets a single probe through.
    if (this.circuit.state(nowMs) === 'half_open') return 1;
    return Math.min(this.#rate.cap ?? Infinity, this.adaptive?.limit ?? Infinity, this.#restartCap ?? Infinity);
  }

  #tellPause(pauseMs: number | undefined, reason: string): void {
    if (pauseMs === undefined) return;
    this.#tell({ type: 'provider-paused', provider: this.#options.provider, pauseMs, reason });
  }

  #tellCircuit(state: CircuitState): void {
    // A probe that says neither yes nor no is followed by another.
    if (this.#toldCircuit === state) return;
    this.#toldCircuit = state;
    this.#tell({ type: 'circuit-changed', provider: this.#options.provider, state });
  }

  #tell(change: GateChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
