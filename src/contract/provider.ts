import type { Clock } from './clock.js';
import type { Question } from './question.js';
import type { ProcessingMode, TokenUsage } from './result.js';

/** One answer as a grading provider sees it. */
export interface GradingItem {
  /** Random and unique in the call; verdicts name it. */
  id: string;
  question: Question;
  /** The learner's answer as text; several parts are joined by newlines. Hostile data. */
  answer: string;
  /** Material for the question: its own, else the run's. */
  context?: string | undefined;
}

/** What a verdict may carry beside its score. */
export interface VerdictNotes {
  /** For the learner. */
  feedback?: string | undefined;
  /** For the teacher. */
  rationale?: string | undefined;
  /** 0..1 */
  confidence?: number | undefined;
  /** What the grader noticed, e.g. `'manipulation'`. */
  flags?: readonly string[] | undefined;
  /** Words of the answer that decided a holistic score, word for word. Looked for in the answer; what is not there goes. */
  evidence?: readonly string[] | undefined;
}

/** What a verdict says of one criterion. */
export interface CriterionVerdict {
  id: string;
  /** 0..1: the share of the criterion that is met, also where its points are negative. */
  score: number;
  /** For the teacher: why. */
  comment?: string | undefined;
  /** Words of the answer that decided, word for word. Looked for in the answer; what is not there goes. */
  evidence?: readonly string[] | undefined;
}

/** A holistic verdict; valid for questions with a rubric too. */
export interface ScoreVerdict extends VerdictNotes {
  id: string;
  /** 0..1 */
  score: number;
}

/** A verdict per criterion; every criterion of the rubric must be there, in any order. */
export interface CriteriaVerdict extends VerdictNotes {
  id: string;
  criteria: readonly CriterionVerdict[];
}

/** The provider declined to grade this answer. A string is shown as the reason. */
export interface RefusedVerdict {
  id: string;
  refused: true | string;
}

/** The provider could not read its own verdict on this answer, which is then asked again, once. */
export interface MalformedVerdict {
  id: string;
  /** What was wrong, without model or learner text. */
  malformed: string;
}

/** What a provider says of one item. Totals, ranges, ids and completeness are checked by the engine. */
export type Verdict = ScoreVerdict | CriteriaVerdict | RefusedVerdict | MalformedVerdict;

/** What the provider's response headers say of its limits. Times are milliseconds from now. */
export interface RateLimitHint {
  requestLimit?: number | undefined;
  remainingRequests?: number | undefined;
  /** Waited for where nothing remains and no limit is told; with a limit, its rate is paced to. */
  requestResetMs?: number | undefined;
  tokenLimit?: number | undefined;
  remainingTokens?: number | undefined;
  tokenResetMs?: number | undefined;
}

/** What a provider may tell about a call while it runs, also when it then throws. */
export interface CallReport {
  usage?: TokenUsage | undefined;
  rateLimit?: RateLimitHint | undefined;
  requestId?: string | undefined;
  /** The model that answered. */
  model?: string | undefined;
}

/** What the engine hands to every call. */
export interface CallContext {
  /** Aborts on the caller's abort and on the attempt timeout. Pass it on, down to the last body byte. */
  signal: AbortSignal;
  /** 1 for the first call that carries these items, then counting up. */
  attempt: number;
  /** The same over all attempts: an idempotency key and trace label. */
  callId: string;
  /** Tell usage, limits, request id and model; may be called more than once. */
  report: (report: CallReport) => void;
  /** What was wrong with the last reply, when the engine asks again because of it. No model or learner text. */
  correction?: string | undefined;
  /** The run's clock, for test doubles that wait: theirs then moves with the run's. */
  clock?: Clock | undefined;
  /** How the run came to make the call, for test doubles that show it. */
  origin?: CallOrigin | undefined;
  /**
   * What other calls of the run begin with as well, where that is long enough for the vendor's prompt cache: the first
   * `sharedCharacters` of `system`, or all of it.
   */
  repeatedPrefix?: RepeatedPrefix | undefined;
}

/** How a run came to make a call. */
export interface CallOrigin {
  mode: ProcessingMode;
  priority: 'interactive' | 'background';
  /** Positions of the items' answers in the input. */
  indices: readonly number[];
}

/** The beginning of a prompt that several calls share. */
export type RepeatedPrefix = 'shared' | 'system';

/** What a provider can do; the engine adapts. */
export interface ProviderCapabilities {
  /** Most items in one call; 1 means no batch mode. @default no limit */
  maxItemsPerCall?: number | undefined;
  /** The schema is enforced while the reply is written. */
  enforcesSchema?: boolean | undefined;
  /** Many items in a call do not influence each other, so batches are preferred. */
  isolatesItems?: boolean | undefined;
  /** Verdicts can carry feedback. */
  feedback?: boolean | undefined;
  /**
   * The model reads the reply's JSON Schema by itself, or the provider writes it into its text. Otherwise the prompt
   * names the shape of the reply in one line. @default false
   */
  showsSchema?: boolean | undefined;
  /**
   * The model relates answers to questions that stand a page above them. Otherwise the prompt for a batch puts each
   * question right in front of its answers. @default false
   */
  readsFar?: boolean | undefined;
  /**
   * The vendor keeps the beginning of a prompt for calls that follow, if it has at least so many tokens. Before many
   * calls with such a beginning in common, one goes ahead and the others wait for it. @default none is kept
   */
  cachedPrefixTokens?: number | undefined;
  /** Most calls at once. */
  maxConcurrency?: number | undefined;
  /** Works inside the process: needs no slot, budget or deadline. */
  local?: boolean | undefined;
}

/**
 * Tells the accounts behind providers apart: those with equal keys share pauses, rates, circuit and `maxConcurrency`.
 * Either a name, or a client object with what is asked through it, such as the model.
 */
export type LimitKey = string | readonly [client: object, ...parts: string[]];

/**
 * A provider that returns verdicts. Only `grade` is required. It never retries, queues, sleeps, caches or validates:
 * the engine does that once, for everybody.
 *
 * @example
 * ```ts
 * import type { GradingProvider } from 'gradelanes';
 *
 * const generous: GradingProvider = { grade: async (items) => items.map((item) => ({ id: item.id, score: 1 })) };
 * ```
 */
export interface GradingProvider {
  /** Shown in results, errors and metrics. @default 'provider' */
  name?: string | undefined;
  /** Identity for cache keys; without it, keys stay with the instance. */
  fingerprint?: string | undefined;
  /** Shares limits with other providers of the same key on a controller. @default this object alone */
  limitKey?: LimitKey | undefined;
  capabilities?: ProviderCapabilities | undefined;
  /** One verdict per item, in any order. Throws a `ProviderError`, or anything. */
  grade(items: readonly GradingItem[], call: CallContext): Promise<readonly Verdict[]>;
}

/** A JSON Schema as plain data. */
export type JsonSchema = { readonly [key: string]: unknown };

/** What is asked of a language model. */
export interface ModelRequest {
  /** Policy and the teacher's material: the stable prefix. */
  system: string;
  /** So much of `system` is the same whatever the question: policy, instructions, shared material. In UTF-16 units. */
  sharedCharacters?: number | undefined;
  /** The items and the learners' answers. */
  prompt: string;
  /** The same for all calls about questions of the same form, so that vendors compile it once. */
  schema: JsonSchema;
  schemaName: string;
  /**
   * The last reply was empty or unreadable: ask in words only, without enforcing the schema. Some servers answer with
   * nothing under a schema, and well without.
   */
  plainText?: boolean | undefined;
  /** The keys that the reply must carry, in input order. */
  itemIds: readonly string[];
  /** Computed per call: room for one verdict per item. Reasoning comes on top. */
  maxOutputTokens: number;
}

/** A model's reply, as it came. */
export interface ModelReply {
  text: string;
  /** Why the model stopped. @default 'end' */
  stop?: 'end' | 'length' | 'refusal' | 'filter' | 'other' | undefined;
}

/**
 * A provider that completes a prompt. Only `generate` is required; a plain string is a reply that ended normally.
 *
 * @example
 * ```ts
 * import type { LLMProvider } from 'gradelanes';
 *
 * const echo: LLMProvider = {
 *   generate: async () => '{"results":[{"levels":[5],"feedback":"Well done.","confidence":90}]}',
 * };
 * ```
 */
export interface LLMProvider {
  /** Shown in results, errors and metrics. @default 'provider' */
  name?: string | undefined;
  /** Identity for cache keys; without it, keys stay with the instance. */
  fingerprint?: string | undefined;
  /** Shares limits with other providers of the same key on a controller. @default this object alone */
  limitKey?: LimitKey | undefined;
  capabilities?: ProviderCapabilities | undefined;
  generate(request: ModelRequest, call: CallContext): Promise<ModelReply | string>;
}

/** Either level; the engine takes both. */
export type Provider = GradingProvider | LLMProvider;
