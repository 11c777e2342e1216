// What every mount serves: one card, graded without a key. A real app has its own `load`, `authorize` and `save`.
import { createGrader } from 'gradelanes';
import { createReviewHandler, type ReviewHandler } from 'gradelanes/http';
import { offlineProvider } from 'gradelanes/offline';

const questions = [
  { prompt: 'Why does ice float on water?', referenceAnswers: ['Ice is less dense than liquid water.'] },
  { kind: 'true_false', prompt: 'Ice floats on water.', correctAnswer: true },
] as const;

export const review: ReviewHandler = createReviewHandler({
  grader: createGrader({ provider: offlineProvider(), maxConcurrentTasks: 10 }),
  authorize: ({ headers }) => (headers.get('cookie')?.includes('session=') ? { learnerId: 'amina' } : 401),
  load: ({ cardId }) => (cardId === 'ice' ? { questions } : undefined),
});
