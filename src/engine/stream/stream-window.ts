/** Answers per slot that may be graded ahead of a reader that lags. */
const WINDOW_PER_SLOT = 4;

/**
 * Answers per slot that may be without a result: those in calls, and as many read ahead, so that no slot waits for the
 * source.
 */
const TAKEN_PER_SLOT = 2;

/**
 * Sliding window (back-pressure): counts how far a stream has come, and bounds the answers that are taken and not yet
 * read, so that a reader that stops stops the calls, and those without a result. Owned by one stream, as long as it
 * lasts.
 */
export class StreamWindow {
  readonly #slots: () => number;
  /** Answers taken from the source; those settled and those read are among them. */
  #taken = 0;
  #settled = 0;
  #read = 0;
  #isOver = false;
  /** Resolves the puller's wait; `undefined` while it does not wait. */
  #wake: (() => void) | undefined;

  /** @param slots Answers that can be in calls at the same time; may change while the stream runs. */
  constructor(slots: () => number) {
    this.#slots = slots;
  }

  /** Answers without a result. */
  get ungraded(): number {
    return this.#taken - this.#settled;
  }

  /** Counts an answer that was taken from the source. */
  taken(): void {
    this.#taken++;
  }

  /** Counts an answer that has its result. */
  settled(): void {
    this.#settled++;
    this.#look();
  }

  /** Counts a result that was handed to the reader. */
  read(): void {
    this.#read++;
    this.#look();
  }

  /** Nothing more will be taken: lets the puller go. */
  close(): void {
    this.#isOver = true;
    this.#look();
  }

  /** Resolves when a further answer may be taken, or none will be any more. For one puller. */
  async room(): Promise<void> {
    if (this.#hasRoom()) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** True if a further answer fits both bounds, or the stream is over. */
  #hasRoom(): boolean {
    const slots = this.#slots();
    const isRead = this.#taken - this.#read < slots * (1 + WINDOW_PER_SLOT);
    return this.#isOver || (isRead && this.ungraded < slots * TAKEN_PER_SLOT);
  }

  /** Lets a waiting puller go as soon as there is room. */
  #look(): void {
    if (this.#wake === undefined || !this.#hasRoom()) return;
    this.#wake();
    this.#wake = undefined;
  }
}
