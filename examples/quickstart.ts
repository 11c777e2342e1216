// Grades three answers without a key or a network: node examples/quickstart.ts
import { gradeAnswersWithFallback } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';

const question = {
  prompt: 'Why does ice float on water?',
  referenceAnswers: ['Ice is less dense than liquid water.'],
};
const learners = ['because ice is less dense', 'It is very cold.', "I don't know"];

const { results, metrics } = await gradeAnswersWithFallback(
  learners.map((answer) => ({ question, answer })),
  { provider: offlineProvider() },
);
for (const [index, result] of results.entries()) {
  const verdict = result.status === 'graded' ? (result.isCorrect ? 'right' : 'wrong') : result.error.message;
  console.log(`${verdict}: "${learners[index]}"`);
}
console.log(`${metrics.gradedCount} graded in ${metrics.totalProcessingTimeMs.toFixed(1)} ms`);
