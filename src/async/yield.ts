/**
 * Taken when the module loads: a test runner's fake timers, installed later, would hold it back for ever. Absent outside
 * Node, Bun and Deno.
 */
const laterTurn = typeof setImmediate === 'function' ? setImmediate : undefined;

let yieldCount = 0;

/** How often anybody has yielded so far: who waits for the engine to be quiet sees that it is not. */
export function yieldsSoFar(): number {
  return yieldCount;
}

/**
 * Resolves in a later turn of the event loop, after timers and sockets had theirs. Never creates a timer: uses
 * `setImmediate`, or a `MessageChannel` where there is none.
 */
export function yieldToEventLoop(): Promise<void> {
  yieldCount++;
  return new Promise((resolve) => {
    if (laterTurn !== undefined) laterTurn(resolve);
    else postToSelf(resolve);
  });
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
