import { GradingAbortedError, GradingOptionsError } from '../contract/errors.js';
import { walkChain } from './chain/walk-chain.js';
import { checkAnswers } from '../input/check-answers.js';
import { each } from '../async/streams.js';
import { Followers } from './reuse/followers.js';
import { freshAnswers } from './intake/list-answers.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { stopFailure } from './run/why-over.js';
import { openRun } from './open-run.js';
import { describe } from '../input/misuse.js';
import { resolveOptions } from '../input/resolve-options.js';
import { PendingAnswer } from './run/pending-answer.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradingReport, ResultsFor } from '../contract/report.js';
import type { GradingResult, ProcessingMode } from '../contract/result.js';
import { rememberAnswers } from './reuse/grade-key.js';
import { settleFailed } from './run/settle.js';

/**
 * One run from options to report: checks everything, walks the chain, settles every answer exactly once.
 *
 * @param onlyMode Takes the place of the chain of modes.
 * @throws {GradingOptionsError} before any call, for misuse.
 * @throws {GradingAbortedError} with the partial report, when the caller's signal aborts.
 */
export async function runGrading<Answers extends readonly AnswerToGrade[]>(
  given: readonly AnswerToGrade[],
  givenOptions: GradingOptions,
  onlyMode: ProcessingMode | undefined,
): Promise<GradingReport<Answers>> {
  const options = resolveOptions(givenOptions);
  if (!Array.isArray(given)) throw new GradingOptionsError('answers', 'must be an array', describeNoList(given));
  const answers = await checkAnswers(given);
  const results: (GradingResult | undefined)[] = Array.from({ length: answers.length });
  const keep = (result: GradingResult): void => {
    results[result.index] = result;
  };
  const { run, chain, resume, lookUp, finish, release } = openRun(options, {
    answerCount: answers.length,
    answers,
    onlyMode,
    keep,
  });
  try {
    const alone: PendingAnswer[] = [];
    const followers = new Followers(run, (pending) => alone.push(pending));
    const steps = await walkChain(chain, lookUp(freshAnswers({ run, resume, followers }, answers)));
    await followers.settled();
    if (alone.length > 0) steps.push(...(await walkChain(chain, each(alone))));
    for (const [index, source] of answers.entries()) {
      // Answers that an aborted run never came to.
      if (results[index] === undefined) settleFailed(run, new PendingAnswer(index, source), stopFailure('aborted'));
    }
    const metrics = await finish(steps);
    if (run.misuse !== undefined) throw run.misuse;
    // Every index was settled above, so the results are as long as the answers.
    if (resume === undefined) rememberAnswers(results, answers, run.gradeKey);
    const report = { results: results as readonly GradingResult[] as ResultsFor<Answers>, metrics };
    if (run.abort.reason !== undefined) throw new GradingAbortedError(report, options.signal?.reason);
    return report;
  } finally {
    release();
  }
}

function describeNoList(given: unknown): string {
  const isOne = typeof given === 'object' && given !== null && 'answer' in given;
  return isOne ? 'one answer: put it in an array, or use gradeAnswer()' : describe(given, 'answers');
}
