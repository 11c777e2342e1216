import { GradingOptionsError } from '../../contract/errors.js';
import { modeForCount, type ModeSelectionOptions, modesFrom, whyRuledOut } from '../../contract/mode.js';
import type { ProcessingMode } from '../../contract/result.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** Plan of a run: the links that it will try, in order, decided before the first call. */
export interface ChainPlan {
  /** Mode in which the run begins. */
  readonly selectedMode: ProcessingMode;
  /**
   * Reason why the selected mode is not the one that was asked for, or that the number of answers asks for; a clause
   * for people. `undefined` where it is that one.
   */
  readonly replacedReason: string | undefined;
  readonly links: readonly LinkPlan[];
}

/** The whole chain: for each provider the selected mode and those after it. */
export function planChain(
  options: ResolvedOptions,
  providers: readonly BoundProvider[],
  answerCount: number,
): ChainPlan {
  const [first] = providers;
  const rules = rulesFor(options, first);
  // Modes that the first provider or the user rules out are skipped; the first one left is selected.
  const wanted = options.mode === 'auto' ? modeForCount(answerCount, rules.isolatesItems === true) : options.mode;
  const selectedMode = modesFrom(wanted, rules)[0] ?? 'sequential';
  const why = whyRuledOut(wanted, rules);
  return {
    selectedMode,
    replacedReason: why === undefined ? undefined : `${why}, so ${selectedMode} mode is used instead of ${wanted}`,
    links: providers.flatMap((provider) => linksOf(provider, modesFrom(selectedMode, rulesFor(options, provider)))),
  };
}

/**
 * One mode, no fallback between modes; the providers still form a chain.
 *
 * @throws {GradingOptionsError} if a provider cannot work in this mode.
 */
export function planSingleMode(mode: ProcessingMode, providers: readonly BoundProvider[]): ChainPlan {
  for (const { name, capabilities } of providers) {
    if (mode === 'batch' && capabilities.maxItemsPerCall === 1) {
      throw new GradingOptionsError('provider', 'must take more than one answer per call for batch mode', name);
    }
  }
  return {
    selectedMode: mode,
    replacedReason: undefined,
    links: providers.flatMap((provider) => linksOf(provider, [mode])),
  };
}

/** The facts that rule modes out: the user's switch for parallel mode and the provider's capabilities. */
function rulesFor({ parallelEnabled }: ResolvedOptions, provider: BoundProvider | undefined): ModeSelectionOptions {
  const { maxItemsPerCall, isolatesItems } = provider?.capabilities ?? {};
  return { parallelEnabled, maxItemsPerCall, isolatesItems };
}

/** One provider's links, marked with their place so that the walk need not search for neighbours. */
function linksOf(provider: BoundProvider, modes: readonly ProcessingMode[]): readonly LinkPlan[] {
  return modes.map((mode, position) => ({
    provider,
    mode,
    isFirstOfProvider: position === 0,
    isLastOfProvider: position === modes.length - 1,
  }));
}

/** Planned link: a provider in a mode that the chain may come to. */
export interface LinkPlan {
  readonly provider: BoundProvider;
  readonly mode: ProcessingMode;
  /** Nothing of this provider was tried before it. */
  readonly isFirstOfProvider: boolean;
  /** Nothing of this provider will be tried after it. */
  readonly isLastOfProvider: boolean;
}
