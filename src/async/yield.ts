import { isFake } from './fake-timers.js';

// Taken when the module loads: a test runner's fake timers, installed later, would hold it back for ever. Fakes that were
// there before are known by their marks, and a `MessageChannel` takes their place, which no runner fakes.
const setImmediateAtLoad = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;
const laterTurn = setImmediateAtLoad === undefined || isFake(setImmediateAtLoad) ? postToSelf : setImmediateAtLoad;

/** Yields are counted for all copies of this package in a process: the one that runs and the one whose clock watches. */
const COUNTER = Symbol.for('gradelanes.yields');
const counter = ((globalThis as { [COUNTER]?: { count: number } })[COUNTER] ??= { count: 0 });

/** How often anybody has yielded so far: who waits for the engine to be quiet sees that it is not. */
export function yieldsSoFar(): number {
  return counter.count;
}

/**
 * Resolves in a later turn of the event loop, after timers and sockets had theirs. Never creates a timer: uses
 * `setImmediate`, or a `MessageChannel` where there is none.
 */
export function yieldToEventLoop(): Promise<void> {
  counter.count++;
  return nextTurn();
}

/** The same for who watches the engine: it does not count as work. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    laterTurn(resolve);
  });
}

function postToSelf(callback: () => void): void {
  const { port1, port2 } = new (messageChannel())();
  port1.addEventListener('message', () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(undefined);
}

/** Jest's jsdom has neither `setImmediate` nor a channel, but Node below it has one. */
function messageChannel(): typeof MessageChannel {
  const { MessageChannel: Channel, process } = globalThis as {
    MessageChannel?: typeof MessageChannel;
    process?: { getBuiltinModule?(name: string): { MessageChannel: typeof MessageChannel } };
  };
  const found = Channel ?? process?.getBuiltinModule?.('node:worker_threads').MessageChannel;
  if (found === undefined)
    throw new Error('gradelanes needs setImmediate or MessageChannel: this platform has neither');
  return found;
}
