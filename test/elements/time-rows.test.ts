import { gradeAnswersWithFallback, type GradingEvent, type GradingReport } from 'gradelanes';
import { faultyProvider, manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { fromWireResult, toWireResult } from '../../src/wire/translate.js';
import { timeRowsOf } from '../../src/elements/time-rows.js';
import { sampleAnswers } from '../sample-answers.js';

/** Two calls at once of 100 ms each: a rule decides the second answer, the third is overloaded and goes into a batch. */
async function runOnBadDay(): Promise<{ report: GradingReport; events: GradingEvent[] }> {
  const clock = manualClock();
  const provider = faultyProvider(mockProvider(1, { delayMs: 100, clock }), ['ok', 'overloaded', 'ok'], { clock });
  const events: GradingEvent[] = [];
  const answers = sampleAnswers(4, (index) => (index === 1 ? { answer: '' } : {}));
  const options = {
    provider,
    clock,
    maxConcurrentTasks: 2,
    retry: false,
    onEvent: (event: GradingEvent) => events.push(event),
  } as const;
  return { report: await clock.runUntil(gradeAnswersWithFallback(answers, options)), events };
}

describe('timeRowsOf', () => {
  test('says of each answer how long it waited and how long it was in calls', async () => {
    const { report } = await runOnBadDay();
    const rows = timeRowsOf(report.results, []);
    expect(rows.map(({ outcome, attempts }) => `${outcome} ${attempts}`)).toEqual(['ok 1', 'byRule 0', 'ok 2', 'ok 1']);
    expect(rows.map(({ spans }) => spans.map(({ fromMs, toMs }) => toMs - fromMs))).toEqual(
      report.results.map(({ durationMs }) => [durationMs]),
    );
  });

  test('shows every call where events tell of them, in the time that the results name', async () => {
    const { report, events } = await runOnBadDay();
    const rows = timeRowsOf(report.results, events);
    expect(rows[2]?.spans.map(({ failed }) => failed)).toEqual([true, false]);
    for (const { spans, inCallsMs } of rows) {
      expect(spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBeCloseTo(inCallsMs, 6);
    }
  });

  test('reads results from the wire too, and puts them in the order of the questions', async () => {
    const { report } = await runOnBadDay();
    const sent = report.results.map((result) => fromWireResult(toWireResult(result, result.index)));
    expect(timeRowsOf(sent.toReversed(), [])).toEqual(timeRowsOf(report.results, []));
  });

  test('names the fault of an answer without a grade', async () => {
    const provider = faultyProvider(mockProvider(), { faults: { quota: 1 } });
    const { results } = await gradeAnswersWithFallback(sampleAnswers(1), { provider });
    expect(timeRowsOf(results, [])).toMatchObject([{ failed: true, outcome: 'failed', code: 'quota' }]);
  });
});
