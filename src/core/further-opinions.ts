import { prepareProviders } from '../grading/prompt-grader.js';
import type { AskOnce, Opinion } from './opinion.js';
import type { ResolvedOptions } from './options.js';
import type { PendingAnswer } from './pending-answer.js';

type SeekOpinions = (pending: PendingAnswer, first: Opinion, askOnce: AskOnce) => Promise<void> | undefined;

let loaded: SeekOpinions | undefined;

/** Loads what asks for further opinions, a chunk of its own, before a run that wants some. */
export async function prepareOpinions({ samples }: ResolvedOptions): Promise<void> {
  if (samples === undefined) return;
  const [{ seekOpinions }] = await Promise.all([import('./seek-opinions.js'), prepareProviders(samples.judges)]);
  loaded = seekOpinions;
}

/** Asks for more opinions on a doubtful grade, then settles the answer; `undefined` where the grade stands as it is. */
export const furtherOpinions: SeekOpinions = (...parameters) => loaded?.(...parameters);
