import type { RateLimits } from '../../contract/controller.js';
import type { RateLimitHint } from '../../contract/provider.js';
import { RateEstimate, type SentCall } from './rate-estimate.js';
import { Bucket } from './bucket.js';

/** Mark of a call's start: the counters of that moment, to compare a vendor's reply with. */
export interface RateMark extends SentCall {
  readonly requestsBefore: number;
  readonly tokensBefore: number;
  /** Requests under way: the vendor may count them after this call, though they were sent before. */
  readonly requestsUnderWay: number;
  readonly tokensUnderWay: number;
  /** True if a limit on requests was known. */
  readonly hasLimit: boolean;
}

/** Rejections of one episode from which the burst is judged while the rate is not known for certain. */
const SURPRISING_REJECTIONS = 3;

/** Episode: calls that were turned away one after the other, with no start between them. */
interface Episode {
  readonly isRateKnown: boolean;
  rejections: number;
  /** Depth of our bucket below its highest level: so much the vendor's let through. */
  depth: number;
}

/**
 * Token buckets of a provider, for requests and tokens: given by the user, read from headers, or learned from
 * rejections. Owned by the provider's gate. Times are handed in, in milliseconds.
 */
export class RateBuckets {
  readonly #estimate = new RateEstimate();
  #requests: Bucket | undefined;
  #tokens: Bucket | undefined;
  #requestsTaken = 0;
  #tokensTaken = 0;
  #callsStarted = 0;
  /** Calls that were let through and have not started. */
  #callsToStart = 0;
  #tokensToStart = 0;
  /** Calls that have started and not ended. */
  #callsUnderWay = 0;
  #tokensUnderWay = 0;
  #episode: Episode | undefined;
  /** The estimate that the bucket was set to last. */
  #estimatedPerMinute: number | undefined;

  constructor({ requestsPerMinute, tokensPerMinute, burst }: RateLimits, nowMs: number) {
    if (requestsPerMinute !== undefined)
      this.#requests = new Bucket({ perMinute: requestsPerMinute, burst, isCeiling: true }, nowMs);
    if (tokensPerMinute !== undefined)
      this.#tokens = new Bucket({ perMinute: tokensPerMinute, isCeiling: true }, nowMs);
  }

  /** True if a token limit is known. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined;
  }

  /** Most calls in flight while the rate is being learned; `undefined` does not say. */
  get cap(): number | undefined {
    return this.#estimate.cap;
  }

  /** Requests made so far that were not turned away. */
  get requestsTaken(): number {
    return this.#requestsTaken;
  }

  /** Calls that have begun so far. */
  get callsStarted(): number {
    return this.#callsStarted;
  }

  /**
   * Milliseconds until one request of so many tokens may go, beside those that were let through and have not started;
   * `Infinity` until one of those starts.
   */
  waitMs(tokens: number, nowMs: number): number {
    const requestsMs = this.#requests?.waitMs(1, nowMs, this.#callsToStart) ?? 0;
    return Math.max(requestsMs, this.#tokens?.waitMs(tokens, nowMs, this.#tokensToStart) ?? 0);
  }

  /** A request is let through: the buckets keep its share until it starts, which may be later than they refill. */
  reserve(tokens: number): void {
    this.#judgeEpisode();
    this.#callsToStart++;
    this.#tokensToStart += tokens;
  }

  /** A request that was let through will not be made. */
  leave(tokens: number): void {
    this.#callsToStart--;
    this.#tokensToStart -= tokens;
  }

  /** A call that was let through starts, and takes its share out of the buckets. */
  start(tokens: number, nowMs: number): RateMark {
    this.leave(tokens);
    this.#requestsTaken++;
    this.#tokensTaken += tokens;
    this.#requests?.take(1, nowMs);
    this.#tokens?.take(tokens, nowMs);
    const mark = {
      startedAtMs: nowMs,
      callNumber: ++this.#callsStarted,
      requestsBefore: this.#requestsTaken,
      tokensBefore: this.#tokensTaken,
      requestsUnderWay: this.#callsUnderWay++,
      tokensUnderWay: this.#tokensUnderWay,
      hasLimit: this.#requests !== undefined,
    };
    this.#tokensUnderWay += tokens;
    return mark;
  }

  /** A call has ended; how many tokens it really took, as far as that is known. */
  ended(expectedTokens: number, tokens: number | undefined): void {
    this.#callsUnderWay--;
    this.#tokensUnderWay -= expectedTokens;
    if (tokens !== undefined) this.#tokens?.giveBack(expectedTokens - tokens);
  }

  /** The provider let a call through. */
  admitted(mark: RateMark, nowMs: number): void {
    const isHeldBack = this.#requests === undefined || this.#requests.level(nowMs) < 1;
    if (!isHeldBack) return;
    this.#estimate.admitted(mark);
    this.#followEstimate(nowMs);
  }

  /** The provider turned a call away: it took nothing. */
  rejected(mark: RateMark, tokens: number, nowMs: number): void {
    this.#callsUnderWay--;
    this.#tokensUnderWay -= tokens;
    this.#estimate.rejected(mark);
    this.#giveBack(tokens);
    this.#followEstimate(nowMs);
    if (this.#episode === undefined) return;
    this.#episode.rejections++;
    this.#episode.depth = this.#requests?.depth(nowMs) ?? 0;
  }

  /** Takes over the limits and levels that a response's headers tell. */
  read(mark: RateMark, hint: RateLimitHint, nowMs: number): void {
    const { requestLimit, remainingRequests, tokenLimit, remainingTokens } = hint;
    const sentAtMs = mark.startedAtMs;
    if (requestLimit !== undefined && remainingRequests !== undefined) {
      this.#requests ??= new Bucket({ perMinute: requestLimit }, nowMs);
      const takenSince = this.#requestsTaken - mark.requestsBefore;
      const underWay = mark.requestsUnderWay;
      const reading = { limitPerMinute: requestLimit, remaining: remainingRequests, sentAtMs, takenSince, underWay };
      this.#requests.read(reading, nowMs);
    }
    if (tokenLimit !== undefined && remainingTokens !== undefined) {
      this.#tokens ??= new Bucket({ perMinute: tokenLimit }, nowMs);
      const takenSince = this.#tokensTaken - mark.tokensBefore;
      const underWay = mark.tokensUnderWay;
      const reading = { limitPerMinute: tokenLimit, remaining: remainingTokens, sentAtMs, takenSince, underWay };
      this.#tokens.read(reading, nowMs);
    }
  }

  /** The call was the first to be turned away. What its headers did not tell is learned from that. */
  exhausted(mark: RateMark, hint: RateLimitHint | undefined, nowMs: number): void {
    if ((hint?.remainingRequests ?? 0) > 0) return;
    const isRateKnown = hint?.requestLimit !== undefined;
    if (!isRateKnown) this.#learnRate(mark, nowMs);
    // What was sent before a rate was known says nothing of the burst.
    if (this.#requests === undefined || !mark.hasLimit) return;
    this.#episode = { isRateKnown, rejections: 1, depth: this.#requests.depth(nowMs) };
  }

  #learnRate(mark: RateMark, nowMs: number): void {
    this.#estimate.exhausted(mark, this.#callsStarted);
    this.#followEstimate(nowMs);
    if (this.#estimate.perMinute !== undefined) this.#requests?.empty(mark.startedAtMs, nowMs);
  }

  /** Sets the bucket to a new estimate of the rate. */
  #followEstimate(nowMs: number): void {
    const { perMinute } = this.#estimate;
    if (perMinute === undefined || perMinute === this.#estimatedPerMinute) return;
    this.#estimatedPerMinute = perMinute;
    this.#requests ??= new Bucket({ perMinute }, nowMs);
    this.#requests.setRate(perMinute, nowMs);
  }

  /** Calls that were turned away at a known rate, or several together, came in a larger burst than the vendor takes. */
  #judgeEpisode(): void {
    const { isRateKnown, rejections, depth } = this.#episode ?? { isRateKnown: false, rejections: 0, depth: 0 };
    this.#episode = undefined;
    if (!isRateKnown && rejections < SURPRISING_REJECTIONS) return;
    if (this.#requests?.limitBurst(depth) === false && isRateKnown) this.#requests.slowDown();
  }

  /** Puts back the share of a call that the vendor did not count. */
  #giveBack(tokens: number): void {
    this.#requestsTaken--;
    this.#tokensTaken -= tokens;
    this.#requests?.giveBack(1);
    this.#tokens?.giveBack(tokens);
  }
}
