import { fallbackSentence } from '../contract/fallback-sentence.js';
import type { GradingEvent } from '../contract/grading-event.js';
import type { WireCallEvent } from '../wire/review-wire.js';
import { toWireCallEvent } from '../wire/translate.js';
import { failureSentence } from './plain-words.js';

/**
 * As much of an event as a learner's page may see: when calls begin and end, and steps of the chain in words of ours.
 *
 * @param questionIndices The card's questions by the answers' positions in the run.
 * @returns `undefined` for events of other types.
 */
export function toWireCall(event: GradingEvent, questionIndices: readonly number[]): WireCallEvent | undefined {
  const { atMs } = event;
  if (event.type === 'call-started') {
    const indices = event.indices.map((index) => questionIndices[index] ?? index);
    return toWireCallEvent({ type: event.type, atMs, callId: event.callId, indices });
  }
  if (event.type === 'call-ended') {
    return toWireCallEvent({ type: event.type, atMs, callId: event.callId, outcome: event.outcome });
  }
  if (event.type !== 'fallback-taken') return undefined;
  const reason = fallbackSentence(event.step, failureSentence(event.step.code));
  return toWireCallEvent({ type: event.type, atMs, step: { reason } });
}
