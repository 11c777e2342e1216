/**
 * What a rule makes of an answer: the share of full marks, or, when it does not decide, a teacher's note on what it saw
 * (undefined when it has nothing to say).
 */
export type RuleOutcome = number | string | undefined;

/** The finding where a key and a reference answer say different things. */
export const DISAGREEMENT = 'Key and references disagree on this answer.';
