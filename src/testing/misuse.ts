import { markAsRejecting, ProviderError } from '../contract/errors.js';

/** A double that can fail the test it is used in. */
export interface Verifiable {
  /** What was wrong with its use so far, one text each; values left over show with {@link Verifiable.verify}. */
  readonly problems: readonly string[];
  /**
   * Fails the test if the double was misused: asked for more than it has, asked about unknown questions, its script
   * threw, or something of it was never asked for.
   *
   * @throws {Error} that lists every problem.
   */
  verify(): void;
  /** {@link Verifiable.verify} at the end of a block: `using provider = mockProvider(...)`. */
  [Symbol.dispose](): void;
  /** The same for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a double keeps what its test did wrong. */
export interface MisuseLog {
  readonly problems: readonly string[];
  /** Remembers a problem; the error to throw for it fails the answer, or with `rejectRun` the run. */
  error: (message: string, cause?: unknown) => ProviderError;
  /** What a double offers of this to tests. */
  verifiable: (leftOver: () => readonly string[]) => Omit<Verifiable, 'problems'>;
}

/** Opens the log of one double. */
export function openMisuseLog(name: string, rejectRun: boolean): MisuseLog {
  const problems: string[] = [];
  return {
    problems,
    error: (message, cause) => {
      if (!problems.includes(message)) problems.push(message);
      const error = new ProviderError('invalid_request', message, { cause });
      return rejectRun ? markAsRejecting(error) : error;
    },
    verifiable: (leftOver) => {
      const verify = (): void => {
        const all = [...problems, ...leftOver()];
        if (all.length > 0) throw new Error([`${name} was misused:`, ...all].join('\n- '));
      };
      return { verify, [Symbol.dispose]: verify, [Symbol.asyncDispose]: async () => verify() };
    },
  };
}
