/** Resolves after so many milliseconds, or at once when the signal aborts. Globals are reached late, for fake timers. */
export function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish);
  });
}
