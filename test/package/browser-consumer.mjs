// Bundled for the browser by test/tools/package.mjs, and run where nothing of Node exists.
import { gradeAnswersWithFallback } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';

const question = {
  prompt: 'What do plants make from light?',
  referenceAnswers: ['They make sugar and release oxygen'],
};
const answers = ['They make sugar', 'Oxygen and sugar', 'A cat'].map((answer) => ({ question, answer }));

export const outcome = gradeAnswersWithFallback(answers, { provider: offlineProvider() }).then((report) =>
  report.results.map((result) => `${result.status} ${result.gradedBy}`).join(', '),
);
