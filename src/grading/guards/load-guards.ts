import { guardAnswer, type GuardedAnswer } from './guard-answer.js';
import { guardVerdict, type GuardedVerdict, type VerdictToGuard } from './guard-verdict.js';
import { markingTalk } from './marking-talk.js';
import type { Question } from '../../contract/question.js';

/** What is done before a model reads an answer, and after it has marked it. */
export interface Guards {
  guardAnswer(question: Question, answer: string): GuardedAnswer;
  guardVerdict(verdict: VerdictToGuard): GuardedVerdict;
}

/** The guards of a run that has them on. */
export function createGuards({ maxAnswerCharacters }: { readonly maxAnswerCharacters: number }): Guards {
  return {
    guardAnswer: (question, answer) => guardAnswer(question, answer, markingTalk, maxAnswerCharacters),
    guardVerdict,
  };
}
