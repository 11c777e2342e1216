import {
  estimateCost,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  type AnswerToGrade,
  type GradingEvent,
  type GradingReport,
  type Provider,
} from 'gradelanes';
import { expectEveryAnswerOnce } from 'gradelanes/testing';

/** One run over a model: what became of its answers and calls. */
export interface LiveRow {
  name: string;
  answers: number;
  graded: number;
  /** Failures by code. */
  failed: Readonly<Record<string, number>>;
  calls: number;
  /** Share of the answers that took more than one call: an unreadable reply, a fault on the way, a split batch. */
  askedAgain: number;
  tokens: { input: number; output: number; estimated: number } | undefined;
  latencyMs: { p50: number; max: number } | undefined;
  totalMs: number;
  /** Faults of the library that the run showed; there should be none. */
  faults: readonly string[];
}

/** What {@link tryModel} runs. */
export interface LiveRun {
  name: string;
  provider: Provider;
  answers: readonly AnswerToGrade[];
  concurrency: number;
  mode: 'parallel' | 'batch';
}

/** Every answer goes to the model, also those that a rule could decide. */
export async function tryModel({ name, provider, answers, concurrency, mode }: LiveRun): Promise<LiveRow> {
  const options = { provider, localGrading: false, maxConcurrentTasks: concurrency, attemptTimeoutMs: 300_000 };
  const ends: (GradingEvent & { type: 'call-ended' })[] = [];
  const onEvent = (event: GradingEvent): void => {
    if (event.type === 'call-ended') ends.push(event);
  };
  const grade = mode === 'batch' ? gradeAnswersInBatch : gradeAnswersConcurrently;
  const report = await grade(answers, { ...options, batchAcrossLearners: true, onEvent });
  const { inputTokens, outputTokens } = await estimateCost(answers, { ...options, mode, batchAcrossLearners: true });
  const { metrics, results } = report;
  const failed: Record<string, number> = {};
  for (const result of results)
    if (result.status === 'failed') failed[result.error.code] = (failed[result.error.code] ?? 0) + 1;
  const { usage, latencyMs } = metrics;
  return {
    name,
    answers: answers.length,
    graded: metrics.gradedCount,
    failed,
    calls: metrics.requests,
    askedAgain: results.filter(({ attempts }) => attempts > 1).length / answers.length,
    tokens: usage && { input: usage.inputTokens, output: usage.outputTokens, estimated: inputTokens + outputTokens },
    latencyMs: latencyMs && { p50: latencyMs.p50, max: latencyMs.max },
    totalMs: metrics.totalProcessingTimeMs,
    faults: faultsOf(report, answers, ends),
  };
}

function faultsOf(
  report: GradingReport,
  answers: readonly AnswerToGrade[],
  ends: readonly (GradingEvent & { type: 'call-ended' })[],
): string[] {
  const faults: string[] = [];
  try {
    expectEveryAnswerOnce(report, answers);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  const readable = new Set(ends.filter(({ outcome }) => outcome === 'ok').flatMap(({ indices }) => indices));
  for (const result of report.results)
    if (result.status === 'graded' && !readable.has(result.index))
      faults.push(`answer ${result.index} has a mark of no readable reply`);
  return faults;
}
