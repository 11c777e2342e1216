/** A reader that lags lets so many answers per slot be graded ahead of it. */
const WINDOW_PER_SLOT = 4;

/** Answers are read from the source so many per slot ahead of their results. */
const TAKEN_PER_SLOT = 2;

/**
 * How far a stream has come, and whether it may take a further answer: what is taken and not yet read is bounded, so that
 * a reader that stops stops the calls, and so is what has no result yet.
 */
export class StreamWindow {
  readonly #slots: () => number;
  #taken = 0;
  #settled = 0;
  #read = 0;
  #isOver = false;
  #wake: (() => void) | undefined;

  /** @param slots Answers that can be in calls at the same time; may change while the stream runs. */
  constructor(slots: () => number) {
    this.#slots = slots;
  }

  /** Answers without a result. */
  get ungraded(): number {
    return this.#taken - this.#settled;
  }

  taken(): void {
    this.#taken++;
  }

  settled(): void {
    this.#settled++;
    this.#look();
  }

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

  #hasRoom(): boolean {
    const slots = this.#slots();
    const isRead = this.#taken - this.#read < slots * (1 + WINDOW_PER_SLOT);
    return this.#isOver || (isRead && this.ungraded < slots * TAKEN_PER_SLOT);
  }

  #look(): void {
    if (this.#wake === undefined || !this.#hasRoom()) return;
    this.#wake();
    this.#wake = undefined;
  }
}
