// Who grades: the offline grader, as late as a model over a network, on a good day and on a bad one.
import { createGrader, type Grader, type GradingEvent, type GradingItem, type GradingProvider } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { faultyProvider, type FaultStep } from 'gradelanes/testing';
import { withSimulatedLatency } from '../grade-deck/with-simulated-latency.ts';

/** What the routes need of a grader. */
export type ReviewGrader = Pick<Grader, 'gradeAnswersWithFallback'>;

/**
 * What becomes of each call of a run on a bad day: most of the parallel calls fail, the batch after them too, and of the
 * single calls at the end one.
 */
const badDay: readonly FaultStep[] = [
  'ok',
  'overloaded',
  { fault: 'rate_limited', retryAfterMs: 400 },
  'network',
  'overloaded',
  'ok',
  'server',
];

/** One grader for all requests, so that they share its limit. */
export function goodDayGrader(model: GradingProvider = simulatedModel()): ReviewGrader {
  return createGrader({ provider: model, maxConcurrentTasks: 10 });
}

/** A grader per request, so that every bad day is the same. Without retries, which would hide most of it. */
export function badDayGrader(model: GradingProvider = simulatedModel()): ReviewGrader {
  return {
    gradeAnswersWithFallback: async (answers, options) => {
      const provider = withSimulatedLatency(faultyProvider(model, badDay), 300);
      const grader = createGrader({ provider, retry: false, maxConcurrentTasks: 10 });
      return grader.gradeAnswersWithFallback(answers, options);
    },
  };
}

/** The same grader, which tells what happens in each learner's runs. */
export function withListener(
  { gradeAnswersWithFallback }: ReviewGrader,
  onEvent: (learnerId: string, event: GradingEvent) => void,
): ReviewGrader {
  return {
    gradeAnswersWithFallback: async (answers, options) => {
      const learnerId = answers[0]?.learnerId ?? '';
      return gradeAnswersWithFallback(answers, { ...options, onEvent: (event) => onEvent(learnerId, event) });
    },
  };
}

/** Longer answers take longer, and a batch less than its answers one by one. */
function simulatedModel(): GradingProvider {
  const latencyMs = (items: readonly GradingItem[]): number =>
    450 + items.reduce((sum, { answer }) => sum + 10 * Math.min(80, answer.length), 0) / Math.sqrt(items.length);
  return withSimulatedLatency(inWordsForLearners(offlineProvider()), latencyMs);
}

/** The offline grader counts key words, which is for teachers; a model would say it in words such as these. */
function inWordsForLearners(provider: GradingProvider): GradingProvider {
  return {
    ...provider,
    grade: async (items, call) => {
      const verdicts = await provider.grade(items, call);
      return verdicts.map((verdict) =>
        'score' in verdict ? Object.assign({}, verdict, { feedback: sentenceFor(verdict.score) }) : verdict,
      );
    },
  };
}

function sentenceFor(score: number): string {
  if (score >= 0.8) return 'Well explained.';
  return score >= 0.5 ? 'On the right track: a part of the reason is missing.' : 'Have another look at the lesson.';
}
