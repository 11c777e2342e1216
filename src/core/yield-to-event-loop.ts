/** Work in one go for at most this long; a 60 Hz frame is 16.7 ms. */
const TURN_MS = 10;

/**
 * Resolves in a later turn of the event loop, after timers and sockets had theirs. Never creates a timer where the
 * platform has something cheaper: `setImmediate` in Node, Bun and Deno, a `MessageChannel` elsewhere.
 */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else postToSelf(resolve);
  });
}

/** Tells work that needs no I/O when to give the event loop a turn. Measures real time: it concerns the real loop. */
export function createTurnTimer(): { isOver(): boolean; restart(): void } {
  let startedAt = performance.now();
  return {
    isOver: () => performance.now() - startedAt >= TURN_MS,
    restart: () => {
      startedAt = performance.now();
    },
  };
}

function postToSelf(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(undefined);
}
