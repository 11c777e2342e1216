// Taken at load, before a test runner can put its fakes in their place.
const schedule = globalThis.setImmediate as typeof setImmediate | undefined;
const Channel = globalThis.MessageChannel;

/** Resolves in a later turn of the event loop, when all promises that could settle have done so. Never uses a timer. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (schedule === undefined) postToSelf(resolve);
    else schedule(resolve);
  });
}

function postToSelf(callback: () => void): void {
  const { port1, port2 } = new Channel();
  port1.addEventListener('message', () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(undefined);
}
