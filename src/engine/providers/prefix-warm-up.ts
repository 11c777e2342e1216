import { writePrompt } from '../../grading/prompt/write-prompt.js';
import type { BoundProvider } from './bound-provider.js';
import { estimatedTokens } from '../../contract/estimated-tokens.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { GradingItem, RepeatedPrefix } from '../../contract/provider.js';
import type { AnswerToGrade, Question } from '../../contract/question.js';
import { Latch } from '../../async/latch.js';
import type { StopSignal } from '../../async/stop-signal.js';
import type { ProviderGate } from '../limits/provider-gate.js';
import { sleep } from '../../async/waiting.js';

/** Fewest calls for which waiting pays: with fewer, it costs more than reading from the cache saves. */
const MIN_CALLS = 4;
/** Longest wait for a first call, in milliseconds. */
const LONGEST_WAIT_MS = 10_000;
/** Upper bound of what the library writes before instructions and material, in UTF-16 units. */
const LONGEST_POLICY = 2_500;

/** The part of an item that its prompt begins with. */
type Beginning = Pick<GradingItem, 'question' | 'context'>;

/** A beginning that other calls share, and how much of the prompt it is. */
interface Prefix {
  readonly kind: RepeatedPrefix;
  readonly text: string;
}

/** The provider's door, which knows what the vendor's cache holds. */
type WarmDoor = Pick<ProviderGate, 'warmPrefixes'>;

/** The warm-up of a run; `undefined` for a run that is too short for it. */
export function createPrefixWarmUp(
  options: ResolvedOptions,
  answerCount: number | undefined,
  answers: readonly AnswerToGrade[] | undefined,
): PrefixWarmUp | undefined {
  return (answerCount ?? Infinity) < MIN_CALLS ? undefined : new PrefixWarmUp(options, answers);
}

/**
 * Cache warm-up: lets one call go before many whose prompts begin alike, where the vendor keeps long beginnings. Calls
 * sent together would each pay for all of it. The others wait until the first call is over, at most ten seconds,
 * whatever becomes of it. Owned by one run, as long as that lasts.
 */
export class PrefixWarmUp {
  readonly #options: ResolvedOptions;
  /** `undefined` where answers come one by one: then only what all calls share can be known. */
  readonly #answersPerQuestion: ReadonlyMap<Question, number> | undefined;
  /** Memoised prefixes: finding one writes a prompt. */
  readonly #prefixes = new Map<BoundProvider, WeakMap<Question, Prefix | 'none'>>();

  constructor(options: ResolvedOptions, answers: readonly AnswerToGrade[] | undefined) {
    this.#options = options;
    this.#answersPerQuestion = answers && countPerQuestion(answers);
  }

  /** The beginning of these items' prompt, if it is long enough for the vendor's cache and comes again. */
  prefixOf(provider: BoundProvider, items: readonly Beginning[]): Prefix | undefined {
    const [item] = items;
    if (item === undefined || !items.every((other) => other.question === item.question)) return undefined;
    const known = this.#prefixes.get(provider) ?? new WeakMap<Question, Prefix | 'none'>();
    this.#prefixes.set(provider, known);
    const prefix = known.get(item.question) ?? this.#findPrefix(provider, item) ?? 'none';
    known.set(item.question, prefix);
    return prefix === 'none' ? undefined : prefix;
  }

  /** Resolves when a call may be sent, or the run stops. */
  async turn(
    { warmPrefixes }: WarmDoor,
    provider: BoundProvider,
    items: readonly Beginning[],
    stop: StopSignal,
  ): Promise<void> {
    const prefix = this.prefixOf(provider, items);
    if (prefix === undefined) return;
    const { clock } = this.#options;
    const firstCall = warmPrefixes.firstCall(prefix.text, clock.now());
    if (firstCall === undefined || firstCall.isOpen) return;
    const mayGo = new Latch();
    const forget = [firstCall.onOpen(() => mayGo.open()), stop.onStop(() => mayGo.open())];
    if (await sleep(LONGEST_WAIT_MS, clock, mayGo)) warmPrefixes.warmed(prefix.text, clock.now());
    for (const each of forget) each();
  }

  /** A call is over: the others may follow. */
  ended({ warmPrefixes }: WarmDoor, provider: BoundProvider, items: readonly Beginning[]): void {
    const prefix = this.prefixOf(provider, items);
    if (prefix !== undefined) warmPrefixes.warmed(prefix.text, this.#options.clock.now());
  }

  /**
   * Looks for the longest beginning that other calls share: all of the system prompt where the question comes often,
   * else the part that all questions have in common.
   */
  #findPrefix(provider: BoundProvider, { question, context }: Beginning): Prefix | undefined {
    const { cachedPrefixTokens = Infinity } = provider.capabilities;
    if (provider.prompt === undefined || cachedPrefixTokens === Infinity) return undefined;
    const item = { id: '', question, answer: '', context };
    const isOften = (this.#answersPerQuestion?.get(question) ?? 0) >= MIN_CALLS;
    const isShared = context === this.#options.context;
    // Writing a prompt for every question of a long run would cost more than this is worth.
    if (!isOften && !(isShared && this.#mayBeLong(cachedPrefixTokens))) return undefined;
    const { system, sharedCharacters } = writePrompt([item], provider.prompt);
    const isLong = (text: string): boolean => estimatedTokens(text.length) >= cachedPrefixTokens;
    if (isOften && isLong(system)) return { kind: 'system', text: system };
    const shared = system.slice(0, sharedCharacters);
    return isShared && isLong(shared) ? { kind: 'shared', text: shared } : undefined;
  }

  /** False if the shared part is surely too short: found without writing a prompt. */
  #mayBeLong(tokens: number): boolean {
    const { context = '', instructions = '' } = this.#options;
    return estimatedTokens(LONGEST_POLICY + context.length + instructions.length) >= tokens;
  }
}

/** Number of answers by question object. */
function countPerQuestion(answers: readonly AnswerToGrade[]): ReadonlyMap<Question, number> {
  const counts = new Map<Question, number>();
  for (const { question } of answers) counts.set(question, (counts.get(question) ?? 0) + 1);
  return counts;
}
