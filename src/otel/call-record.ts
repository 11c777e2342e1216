import type { CallEndedEvent, CallStartedEvent } from '../contract/grading-event.js';
import type { TokenUsage } from '../contract/result.js';

/** One attempt at a call that is under way. */
type Attempt<Mark> = Map<string, Mark>;

/**
 * A logical call: the same answers asked of the same provider in the same mode, with all its retries and hedged copies. The
 * conventions want one span for all of them. Lives from its first attempt until no attempt runs and none follows.
 *
 * @template Mark what stands for an attempt, e.g. its span.
 */
export class CallRecord<Mark> {
  readonly first: CallStartedEvent;
  readonly #running: Attempt<Mark> = new Map();
  #attempts = 0;
  #ok: CallEndedEvent | undefined;
  #last: CallEndedEvent | undefined;
  readonly #usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  #hasUsage = false;

  constructor(first: CallStartedEvent) {
    this.first = first;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** How the call ended: by its first attempt that got through, else by its last. */
  get decisive(): CallEndedEvent | undefined {
    return this.#ok ?? this.#last;
  }

  /** An attempt got through, and no copy of it runs. */
  get isOver(): boolean {
    return this.#ok !== undefined && this.#running.size === 0;
  }

  get isRunning(): boolean {
    return this.#running.size > 0;
  }

  /** Tokens of all attempts; `undefined` if none reported any. */
  get usage(): TokenUsage | undefined {
    return this.#hasUsage ? this.#usage : undefined;
  }

  /** In milliseconds, from the first attempt's start to the end that decided. */
  get durationMs(): number {
    return Math.max(0, (this.decisive?.atMs ?? this.first.atMs) - this.first.atMs);
  }

  begin(callId: string, mark: Mark): void {
    this.#attempts++;
    this.#running.set(callId, mark);
  }

  /** The attempt's mark. */
  end(event: CallEndedEvent): Mark | undefined {
    const mark = this.#running.get(event.callId);
    this.#running.delete(event.callId);
    this.#last = event;
    if (event.outcome === 'ok') this.#ok ??= event;
    if (event.usage !== undefined) this.#add(event.usage);
    return mark;
  }

  #add(usage: TokenUsage): void {
    this.#hasUsage = true;
    this.#usage.inputTokens += usage.inputTokens;
    this.#usage.outputTokens += usage.outputTokens;
    for (const name of ['cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const) {
      const tokens = usage[name];
      if (tokens !== undefined) this.#usage[name] = (this.#usage[name] ?? 0) + tokens;
    }
  }
}
