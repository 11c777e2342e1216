import { setTimeout as sleep } from 'node:timers/promises';
import type { GradingItem, GradingProvider } from 'gradelanes';

/** The same grades as from the inner provider, as late as if they came over a network: the engine has to wait. */
export function withSimulatedLatency(
  inner: GradingProvider,
  latencyMs: number | ((items: readonly GradingItem[]) => number),
): GradingProvider {
  return {
    name: 'simulated',
    // Without the inner provider's `local`, which would tell the engine that there is nothing to wait for.
    capabilities: { feedback: true },
    grade: async (items, call) => {
      const delayMs = typeof latencyMs === 'number' ? latencyMs : latencyMs(items);
      await sleep(delayMs, undefined, { signal: call.signal });
      return inner.grade(items, call);
    },
  };
}
