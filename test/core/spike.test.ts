import { it } from 'vitest';
import { gradeAnswersWithFallback } from 'gradelanes';
import { manualClock, mockProvider, seededRandom, eventLog, faultyProvider } from 'gradelanes/testing';
import { sampleAnswers } from '../sample-answers.js';
it('x', async () => {
  const clock = manualClock();
  const log = eventLog({ times: true });
  const answers = sampleAnswers(5, (index) => ({ learnerId: `learner ${index % 3}` }));
  const r = await clock.runUntil(gradeAnswersWithFallback(answers, { retry: false, attemptTimeoutMs: 20, provider: mockProvider(0.6, { delayMs: 50, clock }), clock, random: seededRandom(0), localGrading: false, onEvent: log.onEvent }));
  console.log(String(log), JSON.stringify(r.results, null, 1));
});
it('timers', async () => {
  const clock = manualClock();
  const log = eventLog({ times: true });
  const abort = new AbortController();
  const provider = faultyProvider(mockProvider(0.6, { delayMs: 50, clock }), {seed: 13, rate: 0.8802863951358529, faults: ['rate_limited', 'overloaded', 'timeout', 'network', 'server', 'invalid_request', 'too_large', 'hang', 'ignores_abort', 'slow', 'throws_null', 'settles_twice', 'truncated', 'malformed', 'refused', 'wrong_id', 'missing_id', 'duplicate_id', 'out_of_range', 'auth', 'quota', 'not_found'], retryAfterMs: 300, delayMs: 900}, { clock });
  const answers = sampleAnswers(2, (index) => ({ learnerId: `learner ${index % 3}` }));
  clock.setTimeout(() => abort.abort(), 0);
  await clock.runUntil(gradeAnswersWithFallback(answers, { provider, clock, abortGraceMs: 0, random: seededRandom(13), localGrading: false, signal: abort.signal, onEvent: log.onEvent }).catch(() => {}));
  console.log(String(log), provider.injected, clock.pendingTimers, clock.now());
});
