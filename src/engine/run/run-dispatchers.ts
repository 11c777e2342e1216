import type { StopSignal } from '../../async/stop-signal.js';
import type { ConcurrencyControllerOptions } from '../../contract/controller.js';
import type { GradingItem } from '../../contract/provider.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import { type ControllerCore, coreOf, createConcurrencyController } from '../limits/create-controller.js';
import { Dispatcher } from '../limits/dispatcher.js';
import type { Claim, ClaimOptions } from '../limits/claim.js';
import type { GateChange, ProviderGate } from '../limits/provider-gate.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import { tokensOfCall } from '../spending/estimate-tokens.js';

/** Parts that a run hands to its dispatchers. */
export interface RunDispatchersParts {
  readonly options: ResolvedOptions;
  readonly answerCount: number | undefined;
  readonly stopFor: (provider: BoundProvider) => StopSignal;
  /** Hears what a gate does while the run uses it, and of a pause that was there before. */
  readonly onChange: (change: NamedGateChange) => void;
}

/** A change of a gate, under the name by which the run knows its provider. */
export type NamedGateChange = GateChange & { readonly provider: string };

/**
 * A run's ways to its providers: which controller it uses, a dispatcher and the gate for each provider, and what the
 * gates tell while it lasts. Owned by the run; gates and slots outlive it, so it must be released.
 */
export class RunDispatchers {
  /** This run's claim on the controller's slots, and its limit over all providers but local ones. */
  readonly claim: Claim;
  /** The controller that all but local providers go through. */
  readonly sharedCore: ControllerCore;
  readonly #parts: RunDispatchersParts;
  readonly #dispatchers = new Map<BoundProvider, Dispatcher>();
  readonly #gates = new Map<BoundProvider, ProviderGate>();
  /**
   * Gates that the run listens to. The time that each was paused before the run, in milliseconds, is subtracted at the
   * end.
   */
  readonly #watched = new Map<ProviderGate, { readonly pausedBeforeMs: number; readonly forget: () => void }>();
  /** Controller of local providers alone, made for the first of them. */
  #localCore: ControllerCore | undefined;
  #localClaim: Claim | undefined;

  constructor(parts: RunDispatchersParts) {
    this.#parts = parts;
    const { options } = parts;
    this.sharedCore = coreOf(options.controller ?? createConcurrencyController(controllerOptions(options)));
    this.claim = this.sharedCore.newClaim(this.#claimOptions());
  }

  /** The provider's door, shared by all runs of the controller. */
  gateFor(provider: BoundProvider): ProviderGate {
    const known = this.#gates.get(provider);
    if (known !== undefined) return known;
    const gate = this.sharedCore.gateFor(provider);
    this.#gates.set(provider, gate);
    return gate;
  }

  /** The dispatcher that gets this run's calls to a provider their slots. */
  dispatcherFor(provider: BoundProvider): Dispatcher {
    const known = this.#dispatchers.get(provider);
    if (known !== undefined) return known;
    const core = this.#coreFor(provider);
    const dispatcher = new Dispatcher({
      core,
      gate: this.gateFor(provider),
      provider: provider.name,
      claim: provider.isLocal ? (this.#localClaim ??= core.newClaim(this.#claimOptions())) : this.claim,
      mostAtOnce: provider.capabilities.maxConcurrency ?? Infinity,
      stop: this.#parts.stopFor(provider),
    });
    this.#dispatchers.set(provider, dispatcher);
    this.#watch(this.gateFor(provider), provider.name);
    return dispatcher;
  }

  /** Slots of the controller that the provider's calls go through. */
  slotsFor(provider: BoundProvider): number {
    return this.#coreFor(provider).queue.concurrency;
  }

  /** Tokens that the texts of a call come to; 0 where nobody counts them, in this process or over several. */
  tokensOfCall(provider: BoundProvider, items: readonly GradingItem[]): number {
    const isCounted = this.gateFor(provider).countsTokens || this.#coreFor(provider).limiter !== undefined;
    return isCounted ? tokensOfCall(provider, items, this.#parts.options.instructions) : 0;
  }

  /** Stops listening to what outlives the run. Returns how long its providers were paused meanwhile, in milliseconds. */
  release(): number {
    let pausedMs = 0;
    for (const [gate, { pausedBeforeMs, forget }] of this.#watched) {
      forget();
      pausedMs += gate.pausedMs() - pausedBeforeMs;
    }
    this.#watched.clear();
    return pausedMs;
  }

  /**
   * The controller that a provider's calls go through. Local providers need none of the shared slots, so they get one
   * of their own, which ends with the run.
   */
  #coreFor(provider: BoundProvider): ControllerCore {
    if (!provider.isLocal) return this.sharedCore;
    const { maxConcurrentTasks, clock, random } = this.#parts.options;
    this.#localCore ??= coreOf(createConcurrencyController({ maxConcurrentTasks, clock, random }));
    return this.#localCore;
  }

  /** The facts that decide the run's turn in a fair queue: its priority, the answers left and its own limit. */
  #claimOptions(): Omit<ClaimOptions, 'order'> {
    const { options, answerCount = Infinity } = this.#parts;
    return { priority: options.priority, answersLeft: answerCount, limit: options.maxConcurrentTasks ?? Infinity };
  }

  /** Listens to a gate for as long as the run lasts. A pause that is under way already is told as if it began now. */
  #watch(gate: ProviderGate, provider: string): void {
    if (this.#watched.has(gate)) return;
    const { onChange } = this.#parts;
    const listener = (change: GateChange): void => onChange({ ...change, provider });
    const pauseMs = gate.pauseLeftMs();
    if (pauseMs > 0) onChange({ type: 'provider-paused', provider, pauseMs, reason: 'it was paused before this run' });
    gate.listeners.add(listener);
    const forget = (): void => void gate.listeners.delete(listener);
    this.#watched.set(gate, { pausedBeforeMs: gate.pausedMs(), forget });
  }
}

/** A run without a controller makes its own, shaped by its options. */
function controllerOptions(options: ResolvedOptions): ConcurrencyControllerOptions {
  const { maxConcurrentTasks, adaptive, limits, clock, random } = options;
  return { maxConcurrentTasks, adaptive, limits, clock, random };
}
