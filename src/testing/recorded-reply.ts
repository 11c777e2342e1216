import type { ModelReply, Verdict } from '../contract/provider.js';
import type { Json } from './cassette.js';
import { toLines } from './to-lines.js';

/** A reply as a cassette holds it: compact JSON as that JSON, other text as lines. */
interface RecordedReply {
  json?: Json;
  text?: string | readonly string[];
  stop?: ModelReply['stop'];
}

export function encodeReply(reply: ModelReply | string): RecordedReply {
  const { text, stop } = typeof reply === 'string' ? { text: reply } : reply;
  const json = compactJson(text);
  return { ...(json === undefined ? { text: toLines(text) } : { json }), stop };
}

export function decodeReply(recorded: Json): ModelReply {
  // What encodeReply wrote.
  const { json, text = '', stop } = recorded as RecordedReply;
  if (json !== undefined) return { text: JSON.stringify(json), stop };
  return { text: typeof text === 'string' ? text : text.join('\n'), stop };
}

export function decodeVerdicts(recorded: Json): readonly Verdict[] {
  // What the provider returned when it was recorded.
  return recorded as unknown as readonly Verdict[];
}

/** Only text that is written again as it was: spaces and the order of keys count. */
function compactJson(text: string): Json | undefined {
  try {
    const json = JSON.parse(text) as Json;
    return JSON.stringify(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}
