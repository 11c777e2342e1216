/** Known to all copies of this package. */
const RUN_ENDED: unique symbol = Symbol.for('gradelanes.runEnded');

/** A provider that wants to know when a run that used it is about to report, such as one that keeps a record. */
export interface EndsWithRun {
  [RUN_ENDED]?: (() => Promise<void>) | undefined;
}

/** What a provider adds to itself to be told. The run waits, and rejects as it does. */
export function whenRunEnds(tell: () => Promise<void>): EndsWithRun {
  return { [RUN_ENDED]: tell };
}

/** What a provider does at the end of a run, for one made of it. */
export function endOf(provider: object): EndsWithRun {
  const tell = (provider as EndsWithRun)[RUN_ENDED];
  return tell === undefined ? {} : { [RUN_ENDED]: tell };
}

/** Tells providers that their run is over. */
export async function tellRunEnded(providers: readonly object[]): Promise<void> {
  await Promise.all(providers.map(async (provider) => (provider as EndsWithRun)[RUN_ENDED]?.()));
}
