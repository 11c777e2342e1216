import { describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback } from 'gradelanes';
import { eventLog, manualClock, mockProvider } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

describe('the answers of a run', () => {
  test('that a rule decides never reach a provider and are settled on the way', async () => {
    const clock = manualClock();
    const log = eventLog({ times: true });
    const provider = mockProvider(1, { delayMs: 10, clock });
    const answers = sampleAnswers(3, (index) => (index === 1 ? { answer: '  ' } : {}));
    const report = await clock.runUntil(gradeAnswersWithFallback(answers, { provider, clock, onEvent: log.onEvent }));
    expect(provider.answersSeen).toEqual(['answer 0', 'answer 2']);
    expect(provider.notAsked(report).map(({ index }) => index)).toEqual([1]);
    expect(report.results[1]).toMatchObject({ status: 'graded', scaledScore: 0, gradedBy: 'rule', attempts: 0 });
    expect(report.metrics).toMatchObject({ localCount: 1, requests: 2, gradedCount: 3 });
    expect(log.lines.filter((line) => line.includes('answer-started'))).toHaveLength(3);
  });

  test('are all decided without a provider where rules suffice, even a broken one', async () => {
    const provider = mockProvider(new Error('never asked'));
    const answers = sampleAnswers(4, () => ({ answer: '' }));
    const { metrics } = await gradeAnswersWithFallback(answers, { provider });
    expect(metrics).toMatchObject({ gradedCount: 4, localCount: 4, requests: 0, processingModeUsed: undefined });
  });

  test('leave the event loop its turns however many a rule decides', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await gradeAnswersWithFallback(
      sampleAnswers(20_000, () => ({ answer: '' })),
      { provider: mockProvider() },
    );
    isDone = true;
    expect(turns).toBeGreaterThan(2);
  });
});
