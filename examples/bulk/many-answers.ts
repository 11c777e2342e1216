import type { AnswerToGrade } from 'gradelanes';

const questions = [
  'Why does ice float on water?',
  'Why is the sky blue?',
  'What makes bread rise?',
  'Why do we have seasons?',
  'How does a vaccine protect?',
].map((prompt, position) => ({
  id: `q${position + 1}`,
  prompt,
  rubric: { criteria: [{ id: 'why', description: 'Names the cause' }] },
}));

/** So many different answers of as many learners. */
export function* manyAnswers(count: number): Generator<AnswerToGrade> {
  for (let index = 0; index < count; index++) {
    const question = questions[index % questions.length];
    if (question === undefined) return;
    const answer = `Because of cause number ${index}, ${'as far as I know, '.repeat(index % 4)}more or less.`;
    yield { id: `a${index}`, learnerId: `learner-${index}`, question, answer };
  }
}
