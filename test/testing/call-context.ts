import type { CallContext, CallReport, GradingItem, Question } from 'gradelanes';

/** The context of a call that a test makes itself. */
export function callContext(overrides: Partial<CallContext> = {}): CallContext & { reports: CallReport[] } {
  const reports: CallReport[] = [];
  return {
    signal: new AbortController().signal,
    attempt: 1,
    callId: 'call-1',
    report: (report) => void reports.push(report),
    ...overrides,
    reports,
  };
}

/** Items `q1`, `q2`, ... with the answers given. */
export function itemsOf(...answers: string[]): GradingItem[] {
  return answers.map((answer, index) => itemOf({ id: `q${index + 1}`, prompt: `Question ${index + 1}?` }, answer));
}

/** One item, with an id that a random key could be. */
export function itemOf(
  question: Question,
  answer: string,
  id = `k${answer.length}x${answer.slice(0, 4)}`,
): GradingItem {
  return { id, question, answer };
}
