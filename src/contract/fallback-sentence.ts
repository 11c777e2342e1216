/** What people read of a step from one mode or provider to another; `ofAnswers` where it is known how many there are. */
export function fallbackSentence(
  { from, to, answerCount }: { from: string; to: string; answerCount: number },
  cause: string,
  ofAnswers?: number,
): string {
  const amount = ofAnswers === undefined ? answerCount : `${answerCount} of ${ofAnswers}`;
  const noun = (ofAnswers ?? answerCount) === 1 ? 'answer' : 'answers';
  return `${amount} ${noun} went from ${from} to ${to}: ${cause}`;
}
