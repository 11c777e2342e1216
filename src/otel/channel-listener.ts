import type { GradingEvent } from '../contract/grading-event.js';

/** The channel that {@link channelListener} publishes to. */
export const EVENT_CHANNEL = 'gradelanes:event';

/** A channel of `node:diagnostics_channel`, as far as it is used. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/**
 * Creates a listener that publishes every event to the channel `gradelanes:event` of `node:diagnostics_channel`, for those who
 * trace without OpenTelemetry. Without a subscriber it does nothing, and outside Node nothing at all. What can quote a learner
 * (feedback, rationale, comments) and what a provider threw stay out.
 *
 * @returns The listener, for `onEvent` of any number of runs or a grader.
 *
 * @example
 * ```ts
 * import { subscribe } from 'node:diagnostics_channel';
 * import { createGrader } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 * import { channelListener, EVENT_CHANNEL } from 'gradelanes/otel';
 *
 * subscribe(EVENT_CHANNEL, (event) => console.log(event));
 * const grader = createGrader({ provider: offlineProvider(), onEvent: channelListener() });
 * ```
 */
export function channelListener(): (event: GradingEvent) => void {
  const channel: Channel | undefined = globalThis.process
    ?.getBuiltinModule?.('node:diagnostics_channel')
    ?.channel(EVENT_CHANNEL);
  return (event) => {
    if (channel?.hasSubscribers) channel.publish(withoutContent(event));
  };
}

function withoutContent(event: GradingEvent): object {
  if (event.type === 'answer-graded') {
    const { feedback: _, rationale: __, criteria, ...result } = event.result;
    const scores = criteria?.map(({ id, scoreGiven, scoreMaximum }) => ({ id, scoreGiven, scoreMaximum }));
    return { ...event, result: { ...result, ...(scores && { criteria: scores }) } };
  }
  if (event.type !== 'call-ended' && event.type !== 'cache-failed') return event;
  const { error: _, ...rest } = event;
  return rest;
}
