import type { GuardedAnswer } from '../grading/guards/guard-answer.js';
import type { GuardedVerdict, VerdictToGuard } from '../grading/guards/guard-verdict.js';
import type { ResolvedGuards } from './options.js';
import type { Question } from './question.js';

/** What is done before a model reads an answer, and after it has marked it. */
export interface Guards {
  guardAnswer(question: Question, answer: string): GuardedAnswer;
  guardVerdict(verdict: VerdictToGuard): GuardedVerdict;
}

/** The guards are chunks of their own, loaded with the first run that has them on. */
export async function loadGuards({ maxAnswerCharacters }: ResolvedGuards): Promise<Guards> {
  const [{ guardAnswer }, { markingTalk }, { guardVerdict }] = await Promise.all([
    import('../grading/guards/guard-answer.js'),
    import('../grading/guards/marking-talk.js'),
    import('../grading/guards/guard-verdict.js'),
  ]);
  return {
    guardAnswer: (question, answer) => guardAnswer(question, answer, markingTalk, maxAnswerCharacters),
    guardVerdict,
  };
}
