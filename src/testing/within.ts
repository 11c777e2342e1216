// Taken at load, before a test runner can put its fakes in their place.
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

/** Settles as the promise does, or rejects with the message after `limitMs` of real time. */
export async function within<T>(promise: PromiseLike<T>, limitMs: number, message: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = startTimer(() => reject(new Error(`${message} within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopTimer(timer);
  }
}
