import type { ResolvedOptions } from './options.js';

type HedgeCall = typeof import('./hedged-call.js').hedgeCall;

let loaded: HedgeCall | undefined;

/** Loads what sends second copies, a chunk of its own, before a run that wants some. */
export async function prepareHedging({ hedge }: ResolvedOptions): Promise<void> {
  if (hedge !== undefined) loaded = (await import('./hedged-call.js')).hedgeCall;
}

/** Sends a second copy of a call that takes unusually long, once that is loaded. */
export const hedgeCall: HedgeCall = async (hedged) => loaded?.(hedged) ?? [await hedged.first.outcome];
