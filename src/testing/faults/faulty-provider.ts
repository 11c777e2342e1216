import type { Clock } from '../../contract/clock.js';
import type { CallContext, Provider } from '../../contract/provider.js';
import { wrapProvider } from '../wrap-provider.js';
import { applyFault } from './apply-fault.js';
import { damageReply, damageVerdicts } from './damage.js';
import type { ContentFault, Fault } from './faults.js';
import { openFaultPlan, type FaultPlan, type FaultStep } from './fault-plan.js';

/** Where delays of faults come from. */
export interface FaultyProviderOptions {
  /** @default the run's clock */
  clock?: Clock | undefined;
}

/** What a faulty provider remembers. */
export interface InjectedFaults {
  /** What happened to every call so far, in the order they started: itself a plan that repeats the same faults. */
  readonly injected: readonly FaultStep[];
}

/**
 * Wraps a provider so that its calls fail as planned: rate limits, outages, hangs, damaged replies and more. All else
 * stays as it is: name, capabilities, level, the `calls` of a mock, the run's options in a prompt grader. Wrap the language model itself where there is one, so that
 * replies are damaged before they are read.
 *
 * @param inner The provider that answers when nothing fails.
 * @param plan A step per call, chances with a seed, or `'bad-day'`, `'outage'`, `'rate-limited'`.
 * @param options The clock for delays.
 * @returns The provider with the faults, and a record of them.
 * @throws {RangeError} for a plan with an unknown fault or impossible chances.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback } from 'gradelanes';
 * import { faultyProvider, mockProvider } from 'gradelanes/testing';
 *
 * const provider = faultyProvider(mockProvider(), ['ok', { fault: 'rate_limited', retryAfterMs: 20 }]);
 * const question = { prompt: 'Why does ice float?' };
 * const answers = ['less dense', 'it is cold', 'air in it'].map((answer) => ({ question, answer }));
 * const { metrics } = await gradeAnswersWithFallback(answers, { provider });
 * console.log(metrics.gradedCount, metrics.rateLimited); // 3 1
 * ```
 */
export function faultyProvider<Inner extends Provider>(
  inner: Inner,
  plan: FaultPlan,
  { clock }: FaultyProviderOptions = {},
): Inner & InjectedFaults {
  const nextFault = openFaultPlan(plan);
  const injected: FaultStep[] = [];

  const run = <Reply>(
    call: CallContext,
    ask: (call: CallContext) => Promise<Reply>,
    damage: (reply: Reply, fault: ContentFault) => Reply,
  ): Promise<Reply> => {
    const fault = nextFault();
    injected.push(toStep(fault));
    return fault === undefined ? ask(call) : applyFault(fault, { call, clock: clock ?? call.clock, ask, damage });
  };

  return wrapProvider(
    inner,
    { injected },
    {
      grade: (grader) => (items, call) => run(call, (each) => grader.grade(items, each), damageVerdicts),
      generate: (model) => (request, call) => run(call, (each) => model.generate(request, each), damageReply),
    },
  );
}

/** By its name alone where that says it all. */
function toStep(fault: Fault | undefined): FaultStep {
  if (fault === undefined) return 'ok';
  return (fault.retryAfterMs ?? fault.delayMs) === undefined ? fault.fault : fault;
}
