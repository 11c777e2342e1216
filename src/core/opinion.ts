import type { Link } from '../engine/run/link.js';
import type { PendingAnswer } from '../engine/run/pending-answer.js';
import type { CallReport, CriteriaVerdict, ScoreVerdict } from '../contract/provider.js';

/** What one call made of an answer. */
export interface Opinion {
  readonly link: Link;
  readonly verdict: ScoreVerdict | CriteriaVerdict;
  readonly report: CallReport;
}

/** Asks a provider once; `undefined` if that gives no opinion. */
export type AskOnce = (link: Link, pending: PendingAnswer) => Promise<Opinion | undefined>;
