import { binomialChance } from '../statistics/distributions.js';
import type { Candidate, SequenceTest } from './fixed-sequence.js';

/** Beyond so many answers nobody plans a pilot. */
const MOST_ANSWERS = 100_000;

/**
 * About how many marked answers more would let some candidate pass, if they were like those there are: the fewest over
 * all candidates. `undefined` where none would, as too many disagree already.
 */
export function moreNeeded(
  candidates: readonly Candidate[],
  { maxDisagreement, risk, gradeCount }: SequenceTest & { gradeCount: number },
): number | undefined {
  const totals = candidates.flatMap(({ effectiveCount, effectiveDisagreements }) => {
    // Half a disagreement more and one answer more: nothing is known of the rate that was not seen at all.
    const rate = (effectiveDisagreements + 0.5) / (effectiveCount + 1);
    const fewest = fewestThatPass(Math.min(rate, maxDisagreement / 2), { maxDisagreement, risk });
    return rate < maxDisagreement || effectiveDisagreements === 0 ? [(fewest / effectiveCount) * gradeCount] : [];
  });
  if (candidates.length === 0) totals.push(fewestThatPass(maxDisagreement / 2, { maxDisagreement, risk }));
  if (totals.length === 0) return undefined;
  const missing = Math.min(MOST_ANSWERS, ...totals) - gradeCount;
  return Math.max(1, Math.ceil(missing));
}

/** The fewest answers, with a question each, that would pass at this rate of disagreement; within a twentieth. */
function fewestThatPass(rate: number, { maxDisagreement, risk }: SequenceTest): number {
  let count = Math.log(risk) / Math.log(1 - maxDisagreement);
  while (count < MOST_ANSWERS && binomialChance(count * rate, count, maxDisagreement) > risk) count *= 1.05;
  return count;
}
