import type { RateLimits } from './concurrency.js';
import type { RateLimitHint } from './provider.js';
import { RateEstimate, type SentCall } from './rate-estimate.js';
import { TokenBucket } from './token-bucket.js';

/** What had been let through when a call started. */
export interface RateMark extends SentCall {
  readonly requestsBefore: number;
  readonly tokensBefore: number;
  /** Requests that we took to be left, this one included; `undefined` without a limit. */
  readonly requestsLeft: number | undefined;
  /** How far below its highest level that is. */
  readonly requestsDepth: number;
}

/** A vendor's bucket that was empty when ours held more than this does not hold what we thought. */
const SURPRISING_LEVEL = 2;

/**
 * A provider's limits of requests and tokens: given, read from its headers, or learned from its rejections. Times are
 * handed in, in milliseconds.
 */
export class RateBuckets {
  readonly #estimate = new RateEstimate();
  #requests: TokenBucket | undefined;
  #tokens: TokenBucket | undefined;
  #requestsTaken = 0;
  #tokensTaken = 0;
  #callsStarted = 0;
  #callsToStart = 0;
  #tokensToStart = 0;

  constructor({ requestsPerMinute, tokensPerMinute, burst }: RateLimits, nowMs: number) {
    if (requestsPerMinute !== undefined)
      this.#requests = new TokenBucket({ perMinute: requestsPerMinute, burst, isCeiling: true }, nowMs);
    if (tokensPerMinute !== undefined)
      this.#tokens = new TokenBucket({ perMinute: tokensPerMinute, isCeiling: true }, nowMs);
  }

  /** Whether a token limit is known. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  /** How many calls may be in flight while the rate is being learned. */
  get cap(): number | undefined {
    return this.#estimate.cap;
  }

  /** Requests let through so far. */
  get requestsTaken(): number {
    return this.#requestsTaken;
  }

  /** Milliseconds until one request of so many tokens may go. */
  waitMs(tokens: number, nowMs: number): number {
    return Math.max(this.#requests?.waitMs(1, nowMs) ?? 0, this.#tokens?.waitMs(tokens, nowMs) ?? 0);
  }

  take(tokens: number, nowMs: number): void {
    this.#callsToStart++;
    this.#tokensToStart += tokens;
    this.#requestsTaken++;
    this.#tokensTaken += tokens;
    this.#requests?.take(1, nowMs);
    this.#tokens?.take(tokens, nowMs);
  }

  /** A request that was let through will not be made. */
  leave(tokens: number): void {
    this.#callsToStart--;
    this.#tokensToStart -= tokens;
    this.#giveBack(tokens);
  }

  /** A call starts, of those that were let through the one that has waited longest. */
  mark(tokens: number, nowMs: number): RateMark {
    const requestsLeft = this.#requests && this.#requests.level(nowMs) + this.#callsToStart;
    const requestsDepth = this.#requests === undefined ? 0 : this.#requests.depth(nowMs) - this.#callsToStart;
    this.#callsToStart--;
    this.#tokensToStart -= tokens;
    return {
      startedAtMs: nowMs,
      callNumber: ++this.#callsStarted,
      requestsBefore: this.#requestsTaken - this.#callsToStart,
      tokensBefore: this.#tokensTaken - this.#tokensToStart,
      requestsLeft,
      requestsDepth,
    };
  }

  /** Corrects the estimate of a call by the tokens it really took. */
  correct(expectedTokens: number, tokens: number | undefined): void {
    if (tokens !== undefined) this.#tokens?.giveBack(expectedTokens - tokens);
  }

  /** The provider let a call through. */
  admitted(mark: RateMark, nowMs: number): void {
    const isHeldBack = this.#requests === undefined || this.#requests.level(nowMs) < 1;
    if (!isHeldBack) return;
    const before = this.#estimate.perMinute;
    this.#estimate.admitted(mark);
    const { perMinute } = this.#estimate;
    if (perMinute !== undefined && perMinute !== before) this.#requests?.setRate(perMinute, nowMs);
  }

  /** The provider turned a call away: it took nothing. */
  rejected(mark: RateMark, tokens: number): void {
    this.#estimate.rejected(mark);
    this.#giveBack(tokens);
  }

  /** Takes over what a response's headers say. */
  read(mark: RateMark, hint: RateLimitHint, nowMs: number): void {
    const { requestLimit, remainingRequests, tokenLimit, remainingTokens } = hint;
    const sentAtMs = mark.startedAtMs;
    if (requestLimit !== undefined && remainingRequests !== undefined) {
      const takenSince = this.#requestsTaken - mark.requestsBefore;
      this.#requests ??= new TokenBucket({ perMinute: requestLimit }, nowMs);
      this.#requests.read({ limitPerMinute: requestLimit, remaining: remainingRequests, sentAtMs, takenSince }, nowMs);
    }
    if (tokenLimit !== undefined && remainingTokens !== undefined) {
      const takenSince = this.#tokensTaken - mark.tokensBefore;
      this.#tokens ??= new TokenBucket({ perMinute: tokenLimit }, nowMs);
      this.#tokens.read({ limitPerMinute: tokenLimit, remaining: remainingTokens, sentAtMs, takenSince }, nowMs);
    }
  }

  /** The call was the first to be turned away. What its headers did not tell is learned from that. */
  exhausted(mark: RateMark, hint: RateLimitHint | undefined, nowMs: number): void {
    if ((hint?.remainingRequests ?? 0) > 0) return;
    const { requestsLeft, requestsDepth } = mark;
    const isRateKnown = hint?.requestLimit !== undefined;
    const surprisingLevel = isRateKnown ? 1 : SURPRISING_LEVEL;
    if (requestsLeft !== undefined && requestsLeft >= surprisingLevel) this.#requests?.limitBurst(requestsDepth);
    if (!isRateKnown) this.#learnRate(mark, nowMs);
  }

  #learnRate(mark: RateMark, nowMs: number): void {
    this.#estimate.exhausted(mark);
    const { perMinute } = this.#estimate;
    if (perMinute === undefined) return;
    this.#requests ??= new TokenBucket({ perMinute }, nowMs);
    this.#requests.setRate(perMinute, nowMs);
    this.#requests.empty(mark.startedAtMs, nowMs);
  }

  #giveBack(tokens: number): void {
    this.#requestsTaken--;
    this.#tokensTaken -= tokens;
    this.#requests?.giveBack(1);
    this.#tokens?.giveBack(tokens);
  }
}
