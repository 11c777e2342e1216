import { GradingOptionsError } from '../../contract/errors.js';
import type { ParallelProcessingMetrics } from '../../contract/report.js';
import type { GradingResult } from '../../contract/result.js';
import { type BootstrapOptions, resolveBootstrap } from '../bootstrap.js';
import { checkMarks, type HumanMark, humanMarks, type MarkedAnswer } from '../marked-answers.js';
import { compareAgreement, type AgreementChange } from './agreement-change.js';
import { criterionShifts, type CriterionShift, type Flip, flipsBetween, shiftedCount } from './flips.js';

/** A run: what the grading functions return, or what `evaluateGrader` does, which knows people's marks as well. */
export interface ComparedRun {
  results: readonly GradingResult[];
  metrics?: ParallelProcessingMetrics | undefined;
  marks?: readonly HumanMark[] | undefined;
}

/** How two runs are compared. */
export interface CompareRunsOptions {
  /** People's marks of the same answers. @default those that the runs come with, as evaluations do */
  marks?: readonly MarkedAnswer[] | readonly HumanMark[] | undefined;
  /** How intervals are drawn, and how sure a change must be: below 1 - `level` by chance. @default level 0.95 */
  bootstrap?: BootstrapOptions | undefined;
}

/** What became of a change. `'unmarked'`: without people's marks nobody can tell better from worse. */
export type ChangeVerdict = 'better' | 'worse' | 'same' | 'not_to_be_told' | 'unmarked';

/** Two runs over the same answers, side by side. Plain data. */
export interface RunComparison {
  verdict: ChangeVerdict;
  /** The same in a sentence for people. */
  message: string;
  answerCount: number;
  /** Answers that both runs graded: all figures are over these. */
  comparedCount: number;
  failedBefore: number;
  failedAfter: number;
  /** Answers whose score changed, whether or not that turned the verdict. */
  shiftedCount: number;
  flips: { toPass: number; toFail: number; list: readonly Flip[] };
  /** By criterion, those that changed anywhere. */
  criteria: readonly CriterionShift[];
  /** Agreement with people; absent without their marks. */
  agreement?: AgreementChange | undefined;
  /** Time, calls, tokens and cost of each run; absent where a run came without metrics. */
  before?: ParallelProcessingMetrics | undefined;
  after?: ParallelProcessingMetrics | undefined;
}

/**
 * Compares two runs over the same answers, after the rubric, the prompt, the model or the provider changed: which verdicts
 * flipped, on which criteria, and whether the change is better, worse or not to be told yet. Answers of one question stand
 * and fall together, so whole questions are weighed against each other: a randomisation test over questions, which is
 * McNemar's exact test (1947) where each answer has a question of its own.
 *
 * @param before A report or an evaluation.
 * @param after Another one over the same answers in the same order.
 * @param options People's marks where the runs do not come with them, and how sure to be.
 * @returns Plain data; `toMarkdown` and `toHtml` show it.
 * @throws {GradingOptionsError} for runs that are not over the same answers.
 *
 * @example
 * ```ts
 * import { compareRuns, evaluateGrader, type MarkedAnswer } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const dataset: MarkedAnswer[] = [{ question, answer: 'it is less dense than water', humanScores: [1] }];
 * const before = await evaluateGrader(offlineProvider(), dataset);
 * const after = await evaluateGrader(offlineProvider(), dataset, { grading: { guards: false } });
 * console.log(compareRuns(before, after).verdict); // same
 * ```
 */
export function compareRuns(before: ComparedRun, after: ComparedRun, options: CompareRunsOptions = {}): RunComparison {
  checkSameAnswers(before.results, after.results);
  const bootstrap = resolveBootstrap(options.bootstrap ?? {});
  const marks = marksOf(options.marks) ?? after.marks ?? before.marks;
  const flips = flipsBetween(before.results, after.results, marks);
  const agreement = marks && compareAgreement(before.results, after.results, marks, bootstrap);
  const shifted = shiftedCount(before.results, after.results);
  const verdict = verdictOn(shifted, agreement, 1 - bootstrap.level);
  const isGraded = ({ status }: GradingResult): boolean => status === 'graded';
  const toPass = flips.filter(({ afterPasses }) => afterPasses).length;
  return {
    verdict,
    message: inWords(verdict, flips.length, agreement),
    answerCount: before.results.length,
    comparedCount: before.results.filter((each, index) => {
      const other = after.results[index];
      return isGraded(each) && other !== undefined && isGraded(other);
    }).length,
    failedBefore: before.results.filter((each) => !isGraded(each)).length,
    failedAfter: after.results.filter((each) => !isGraded(each)).length,
    shiftedCount: shifted,
    flips: { toPass, toFail: flips.length - toPass, list: flips },
    criteria: criterionShifts(before.results, after.results),
    ...(agreement !== undefined && { agreement }),
    ...(before.metrics !== undefined && { before: before.metrics }),
    ...(after.metrics !== undefined && { after: after.metrics }),
  };
}

function marksOf(given: CompareRunsOptions['marks']): readonly HumanMark[] | undefined {
  if (given === undefined) return undefined;
  const isDataset = (marks: readonly MarkedAnswer[] | readonly HumanMark[]): marks is readonly MarkedAnswer[] =>
    marks.some((each) => 'humanScores' in each);
  if (!isDataset(given)) return given;
  checkMarks(given);
  return humanMarks(given);
}

function checkSameAnswers(before: readonly GradingResult[], after: readonly GradingResult[]): void {
  if (before.length !== after.length) {
    throw new GradingOptionsError('after', `must be over the ${before.length} answers of before`, String(after.length));
  }
  const other = before.findIndex(({ questionId, answerId }, index) => {
    const same = after[index];
    return same?.questionId !== questionId || same?.answerId !== answerId;
  });
  if (other >= 0) {
    throw new GradingOptionsError(`after.results[${other}]`, 'must be of the answer that before has there', 'another');
  }
}

function verdictOn(shifted: number, agreement: AgreementChange | undefined, risk: number): ChangeVerdict {
  if (shifted === 0) return 'same';
  if (agreement === undefined) return 'unmarked';
  if (agreement.chance >= risk) return 'not_to_be_told';
  return agreement.mended > agreement.broken ? 'better' : 'worse';
}

function inWords(verdict: ChangeVerdict, flips: number, agreement: AgreementChange | undefined): string {
  if (verdict === 'same') return 'Every answer that both runs graded has the same score.';
  if (agreement === undefined) return `${flips} verdicts flipped; people’s marks would tell whether that is better.`;
  const { mended, broken, chance } = agreement;
  const found = `${mended} verdicts now agree with people and ${broken} no longer do`;
  if (verdict === 'not_to_be_told')
    return `Not to be told yet: ${found}, which luck alone explains (p = ${shown(chance)}).`;
  return `${verdict === 'better' ? 'Better' : 'Worse'}: ${found} (p = ${shown(chance)}).`;
}

function shown(chance: number): string {
  return chance < 0.001 ? 'below 0.001' : chance.toFixed(3);
}
