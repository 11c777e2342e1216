import { isTransportError, systemCode } from './transport-failure.js';

const MAX_CAUSES = 6;
const MESSAGE_LEFT_OUT = 'message left out: it may quote the request';

/**
 * A stand-in for an SDK's error that can be logged: it keeps the name, the system code, the stack's places and the
 * causes, and drops the rest. Messages and fields of SDK errors may quote the request (the AI SDK keeps the whole
 * body), the response or the key; only the platform's own words on a broken connection are kept.
 */
export function traceableCause(error: unknown, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth >= MAX_CAUSES) return undefined;
  const copy = new Error(isTransportError(error) ? withoutAddress(error.message) : MESSAGE_LEFT_OUT);
  copy.name = error.name === 'Error' ? error.constructor.name : error.name;
  copy.stack = [`${copy.name}: ${copy.message}`, ...placesOf(error)].join('\n');
  const code = systemCode(error);
  if (code !== undefined) Object.assign(copy, { code });
  const cause = traceableCause(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
  if (cause !== undefined) copy.cause = cause;
  return copy;
}

/** An address may hold a key. */
function withoutAddress(message: string): string {
  return message.replace(/\(?https?:\/\/\S+/g, '(address)');
}

/** The lines below the message; the message itself may hold lines that look like them. */
function placesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  const start = stack.indexOf(error.message);
  if (start === -1) return [];
  return stack
    .slice(start + error.message.length)
    .split('\n')
    .filter((line) => /^\s{1,8}at /.test(line));
}
