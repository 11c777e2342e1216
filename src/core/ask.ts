import type { Link } from './link.js';
import type { PendingAnswer } from './pending-answer.js';

type AskProvider = (link: Link, group: readonly PendingAnswer[]) => Promise<unknown>;

let loaded: AskProvider | undefined;

/** Loads what makes calls, a chunk of its own, before a run begins. */
export async function prepareAsking(): Promise<void> {
  const { askProvider } = await import('./ask-provider.js');
  loaded = askProvider;
}

/** Asks a provider about a group of answers until each is settled or left ungraded by this link. */
export function ask(link: Link, group: readonly PendingAnswer[]): Promise<unknown> {
  return loaded === undefined ? Promise.resolve() : loaded(link, group);
}
