/**
 * Runs a task on every value of a source, several at once; what they come to comes out in the order of the source. A
 * source that is slow holds back nothing that is ready.
 *
 * @param most Values that are taken ahead of the one that is awaited.
 * @param task Never rejects: nobody waits for it before its turn.
 */
export async function* mapAhead<In, Out>(
  source: AsyncIterable<In>,
  most: number,
  task: (value: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const iterator = source[Symbol.asyncIterator]();
  const running: Promise<Out>[] = [];
  try {
    let pull: ReturnType<typeof iterator.next> | undefined = iterator.next();
    while (pull !== undefined || running.length > 0) {
      const pulled = await firstOf(running.length < most ? pull : undefined, running[0]);
      if (pulled === 'ready') yield* running.splice(0, 1);
      else if (pulled.done === true) pull = undefined;
      else {
        running.push(task(pulled.value));
        pull = iterator.next();
      }
    }
  } finally {
    // Nothing goes on behind the back of whoever stopped reading.
    await Promise.allSettled(running);
    iterator.return?.().catch(() => {});
  }
}

/** What the source gave, or that the oldest task has ended. */
function firstOf<In>(
  pull: Promise<IteratorResult<In>> | undefined,
  oldest: Promise<unknown> | undefined,
): Promise<IteratorResult<In> | 'ready'> {
  const ready = oldest?.then(() => 'ready' as const);
  return Promise.race([pull, ready].filter((step) => step !== undefined));
}

/** A list as a stream. */
export async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
