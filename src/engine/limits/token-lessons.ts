/** A new call weighs so much, once there are a few: models and questions change over the life of a controller. */
const LEAST_WEIGHT = 0.1;

/** Exponential moving average, a plain mean at first: later values weigh more. */
class RunningMean {
  value = 0;
  #count = 0;

  add(value: number): void {
    this.#count++;
    this.value += (value - this.value) * Math.max(LEAST_WEIGHT, 1 / this.#count);
  }
}

/**
 * Learns from usage what the calls to a provider really take. Of the same text one model makes more tokens than another,
 * it may think before it answers, and no text tells what a provider writes around an answer.
 */
export class TokenLessons {
  readonly #estimated = new RunningMean();
  readonly #taken = new RunningMean();
  readonly #takenByAny = new RunningMean();

  /** Tokens that a call will take whose texts come to so many; 0 does not say, and is what calls take on average. */
  expected(estimate: number): number {
    if (estimate === 0) return Math.round(this.#takenByAny.value);
    const { value } = this.#estimated;
    return value === 0 ? estimate : Math.ceil((estimate * this.#taken.value) / value);
  }

  /** A call whose texts came to `estimate` took so many. */
  learn(estimate: number, taken: number): void {
    this.#takenByAny.add(taken);
    if (estimate === 0) return;
    this.#estimated.add(estimate);
    this.#taken.add(taken);
  }
}
