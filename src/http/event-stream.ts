import type { Clock } from '../contract/clock.js';

/** Sends one event; nothing once the stream has ended. */
export type SendEvent = (event: string, data: unknown) => void;

/** What proxies are told, so that events arrive as they are sent. */
export const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-content-type-options': 'nosniff',
  'x-accel-buffering': 'no',
};

/**
 * A stream of server-sent events that lasts as long as `produce`, which must not reject. Comments keep it open.
 *
 * @param onLeave Called when the reader goes away before the end.
 */
export function eventStream(
  produce: (send: SendEvent) => Promise<void>,
  { heartbeatMs, clock, onLeave }: { heartbeatMs: number; clock: Clock; onLeave: () => void },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isOpen = true;
  let timer: unknown;
  const close = (): void => {
    isOpen = false;
    clock.clearTimeout(timer);
  };
  return new ReadableStream({
    start: (controller) => {
      const write = (text: string): void => {
        if (isOpen) controller.enqueue(encoder.encode(text));
      };
      const beat = (): void => {
        write(':\n\n');
        timer = clock.setTimeout(beat, heartbeatMs);
      };
      // At once, so that the headers go out.
      beat();
      void produce((event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)).finally(() => {
        if (isOpen) controller.close();
        close();
      });
    },
    cancel: () => {
      close();
      onLeave();
    },
  });
}
