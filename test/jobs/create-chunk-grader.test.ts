import { ProviderError, type AnswerToGrade } from 'gradelanes';
import { createChunkGrader, type GradingChunk } from 'gradelanes/jobs';
import { expect, test } from 'vitest';
import { mapStore } from '../examples/engines/map-store.js';
import { sampleAnswers } from '../sample-answers.js';
import { countingProvider } from './use-queue.js';

/** A provider that is down until it is told otherwise, and one answer that it always fails on, as late as it is told. */
function scene() {
  const held = Promise.withResolvers<void>();
  const provider = Object.assign(
    countingProvider(async (items) => {
      if (items.some(({ answer }) => answer === 'answer 1')) {
        await held.promise;
        throw new ProviderError('server', 'down');
      }
      if (provider.isDown) throw new ProviderError('server', 'down');
      return items.map(({ id }) => ({ id, score: 1 }));
    }),
    { isDown: true },
  );
  const grader = createChunkGrader({ grading: { provider, retry: false }, store: mapStore() });
  const grade = (...answers: readonly AnswerToGrade[]) => grader.grade(chunkOf(answers));
  return { provider, held, grade };
}

function chunkOf(answers: readonly AnswerToGrade[]): GradingChunk {
  return { runId: 'run', first: 0, answers: [...answers], priority: 'background' };
}

const OF_THE_ANSWER = { kind: 'failed', message: '1 of 1 answers could not be graded: server x 1' };

const [first, second] = sampleAnswers(2) as [AnswerToGrade, AnswerToGrade];

test('a chunk that was in the works during an outage shares it, though the provider is back when it is judged', async () => {
  const { provider, held, grade } = scene();
  const late = grade(second);
  expect(await grade(first)).toMatchObject({ kind: 'trouble', code: 'server' });
  provider.isDown = false;
  held.resolve();
  expect(await late).toMatchObject({ kind: 'trouble', code: 'server' });
});

test('a chunk that is taken before anybody knows that an outage is over shares it, but only once', async () => {
  const { provider, held, grade } = scene();
  expect(await grade(first)).toMatchObject({ kind: 'trouble' });
  provider.isDown = false;
  held.resolve();
  expect(await grade(second)).toMatchObject({ kind: 'trouble', code: 'server' });
  expect(await grade(second)).toEqual(OF_THE_ANSWER);
});

test('a chunk that is taken after an outage shares nothing of it', async () => {
  const { provider, held, grade } = scene();
  expect(await grade(first)).toMatchObject({ kind: 'trouble' });
  provider.isDown = false;
  held.resolve();
  expect(await grade(first)).toEqual({ kind: 'done' });
  expect(await grade(second)).toEqual(OF_THE_ANSWER);
});
