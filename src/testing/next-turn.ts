// Taken at load, before a test runner can put its fakes in their place.
const schedule = globalThis.setImmediate as typeof setImmediate | undefined;
const Channel = globalThis.MessageChannel as typeof MessageChannel | undefined;

/** Microtasks in a row that stand in for a turn where the platform has no macrotask but timers (jest with jsdom). */
const MICROTASKS_PER_TURN = 200;

/** Resolves in a later turn of the event loop, when all promises that could settle have done so. Never uses a timer. */
export function nextTurn(): Promise<void> {
  if (schedule !== undefined) return new Promise((resolve) => schedule(resolve));
  return Channel === undefined ? manyMicrotasks() : postToSelf(new Channel());
}

function postToSelf({ port1, port2 }: MessageChannel): Promise<void> {
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

async function manyMicrotasks(): Promise<void> {
  for (let count = 0; count < MICROTASKS_PER_TURN; count += 1) await Promise.resolve();
}
