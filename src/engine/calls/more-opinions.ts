import type { CallReport, CriteriaVerdict, ScoreVerdict } from '../../contract/provider.js';
import type { GradeOpinion } from '../../contract/result.js';
import { isDoubtful } from '../../grading/marks/is-doubtful.js';
import { mergeOpinions } from '../../grading/marks/merge-opinions.js';
import { scoreOf } from '../../grading/marks/score.js';
import type { ResolvedSamples } from '../../input/resolved-options.js';
import { assignDefined } from '../../json/defined.js';
import { guardedNotes, isStandIn } from '../run/build-result.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { settleGraded } from '../run/settle.js';
import { whyOver } from '../run/why-over.js';

/**
 * Self-consistency: asks for further opinions on a doubtful grade, one after the other and each in a call of its own,
 * until most of them agree. Whatever becomes of these calls, the answer is settled with all opinions there are, at
 * least with the first. `undefined` where there is no doubt, or nobody to ask: a local provider would say the same
 * again.
 */
export function seekOpinions(pending: PendingAnswer, first: Opinion, askOnce: AskOnce): Promise<void> | undefined {
  const { link, verdict } = first;
  const { samples } = link.run.options;
  if (samples === undefined || isStandIn(link.provider)) return undefined;
  if (link.provider.isLocal && link.judges.length === 0) return undefined;
  const { question } = pending.source;
  const score = scoreOf(question, verdict);
  const { confidence } = guardedNotes(link, pending, verdict, score.scaledScore);
  if (!isDoubtful(question, score, confidence, samples)) return undefined;
  return gatherAndSettle(pending, first, samples, askOnce);
}

/**
 * Gathers opinions until they decide or all calls are used up, then settles. An opinion that fails uses its turn up.
 */
async function gatherAndSettle(
  pending: PendingAnswer,
  first: Opinion,
  { count }: ResolvedSamples,
  askOnce: AskOnce,
): Promise<void> {
  const opinions = [first];
  for (let asked = 1; asked < count && !isDecided(pending, opinions, count); asked++) {
    const link = linkForOpinion(first.link, asked);
    const opinion = mayAsk(link) ? await askOnce(link, pending).catch(() => undefined) : undefined;
    if (opinion !== undefined) opinions.push(opinion);
  }
  settleMerged(pending, opinions);
}

/** True once the opinions that agree are a majority of all that could come: the rest could not outvote them. */
function isDecided({ source }: PendingAnswer, opinions: readonly Opinion[], count: number): boolean {
  const { agreeing } = mergeOpinions(source.question, verdictsOf(opinions));
  return agreeing > count / 2;
}

/** Round robin: the judges take turns; without judges, the provider that graded is asked again. */
function linkForOpinion(link: Link, asked: number): Link {
  const judge = link.judges[(asked - 1) % link.judges.length];
  return judge === undefined ? link : { ...link, ...judge };
}

/**
 * True if one more opinion may be asked for. It comes out of the run's budget for repeated calls, unless it is local.
 */
function mayAsk(link: Link): boolean {
  const { run, provider } = link;
  if (whyOver(link) !== undefined) return false;
  if (provider.isLocal) return true;
  // A judge that is waited for would hold up the provider.
  const isPaused = provider.index < 0 && run.dispatchers.gateFor(provider).pauseLeftMs() > 0;
  return !isPaused && run.retryBudget.spend();
}

/**
 * Settles an answer with the merged verdict of its opinions, under the name of the one nearest to it. A single opinion
 * on a doubtful grade, or opinions that differ, need a review.
 */
function settleMerged(pending: PendingAnswer, opinions: readonly Opinion[]): void {
  const { verdict, nearest, agreeing } = mergeOpinions(pending.source.question, verdictsOf(opinions));
  const [first] = opinions;
  const chosen = opinions[nearest] ?? first;
  if (first === undefined || chosen === undefined) return;
  if (opinions.length === 1) {
    settleGraded(first.link, pending, first.verdict, first.report, { reviewReasons: ['second_opinion_missing'] });
    return;
  }
  settleGraded({ ...chosen.link, mode: first.link.mode }, pending, verdict, chosen.report, {
    opinions: opinions.map((opinion) => described(pending, opinion)),
    reviewReasons: agreeing < opinions.length ? ['opinions_differ'] : [],
  });
}

/** An opinion as the result tells of it. */
function described({ source }: PendingAnswer, { link, verdict, report }: Opinion): GradeOpinion {
  const { scaledScore } = scoreOf(source.question, verdict);
  return assignDefined<GradeOpinion>(
    { scaledScore, provider: link.provider.name },
    { confidence: verdict.confidence, model: report.model, requestId: report.requestId },
  );
}

function verdictsOf(opinions: readonly Opinion[]): readonly Opinion['verdict'][] {
  return opinions.map(({ verdict }) => verdict);
}

/** Opinion: one call's verdict on an answer, with the link that asked for it. */
export interface Opinion {
  readonly link: Link;
  readonly verdict: ScoreVerdict | CriteriaVerdict;
  readonly report: CallReport;
}

/** Asks a provider once; `undefined` if that gives no opinion. */
export type AskOnce = (link: Link, pending: PendingAnswer) => Promise<Opinion | undefined>;
