const pending = new Set<Promise<unknown>>();

/** Marks real work, such as loading a module, that a manual clock must wait for before it moves. */
export async function waitedFor<T>(work: Promise<T>): Promise<T> {
  pending.add(work);
  try {
    return await work;
  } finally {
    pending.delete(work);
  }
}

/** Resolves when all such work has ended. */
export async function nothingPending(): Promise<void> {
  while (pending.size > 0) await Promise.allSettled(pending);
}
