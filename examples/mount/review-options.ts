// One card for everybody with a session. A real app has its own `load`, `authorize` and `save`.
import type { ReviewHandlerOptions } from 'gradelanes/http';

const questions = [
  { prompt: 'Why does ice float on water?', referenceAnswers: ['Ice is less dense than liquid water.'] },
  { kind: 'true_false', prompt: 'Ice floats on water.', correctAnswer: true },
] as const;

export const reviewOptions: Pick<ReviewHandlerOptions, 'authorize' | 'load' | 'allowedOrigins'> = {
  authorize: ({ headers }) => (headers.get('cookie')?.includes('session=') ? { learnerId: 'amina' } : 401),
  load: ({ cardId }) => (cardId === 'ice' ? { questions } : undefined),
  allowedOrigins: ['https://app.example'],
};
