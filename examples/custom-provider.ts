// A provider of your own is one method. This one knows two words; yours may ask any model, service or queue.
import { gradeAnswersWithFallback, ProviderError, type GradingProvider } from 'gradelanes';

const keywordProvider: GradingProvider = {
  name: 'keywords',
  grade: async (items, { signal }) => {
    signal.throwIfAborted();
    return items.map(({ id, answer }) => {
      const found = ['heat', 'rise'].filter((word) => answer.includes(word));
      return {
        id,
        score: found.length / 2,
        feedback: `You mention ${found.join(' and ') || 'neither heat nor rising'}.`,
      };
    });
  },
};

// Failures are errors with a code; the engine then retries, falls back, or asks the next provider in the list.
const brokenProvider: GradingProvider = {
  name: 'broken',
  grade: async () => {
    throw new ProviderError('quota', 'the monthly quota is used up');
  },
};

const question = { prompt: 'Why does a hot-air balloon fly?' };
const answers = ['The heat makes the air rise.', 'The air in it is hot, so heat ...', 'It has wings.'];
const { results, metrics } = await gradeAnswersWithFallback(
  answers.map((answer) => ({ question, answer })),
  { provider: [brokenProvider, keywordProvider] },
);
for (const result of results) {
  if (result.status === 'graded') console.log(`${result.scaledScore} by ${result.provider}: ${result.feedback}`);
  else console.log(`not graded: ${result.error.message}`);
}
console.log(metrics.fallbackReason);
