/** What Node, Bun and Deno have, and what browsers and workers have instead. */
interface RejectionHost {
  process?: { on?: Subscribe; off?: Subscribe };
  addEventListener?: Subscribe;
  removeEventListener?: Subscribe;
}

type Subscribe = (name: string, listener: (event: unknown) => void) => unknown;

/** Listens for promises that reject and that nobody handles; the function returned stops, and says what was heard. */
export function watchRejections(): () => readonly unknown[] {
  // Platforms differ, so nothing is taken for granted.
  const host = globalThis as unknown as RejectionHost;
  const heard: unknown[] = [];
  const onRejection = (event: unknown): void => void heard.push(event);
  const { process } = host;
  if (process?.on !== undefined) process.on('unhandledRejection', onRejection);
  else host.addEventListener?.('unhandledrejection', onRejection);
  return () => {
    if (process?.on !== undefined) process.off?.('unhandledRejection', onRejection);
    else host.removeEventListener?.('unhandledrejection', onRejection);
    return heard;
  };
}
