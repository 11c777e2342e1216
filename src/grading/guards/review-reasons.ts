import type { GradedBy } from '../../contract/result.js';
import type { SecondOpinion } from './word-overlap.js';

/** What is known of a grade when it is decided whether a person should look at it. */
export interface ReviewFacts {
  gradedBy: GradedBy;
  scaledScore: number;
  /** From the text (`manipulation`, `hidden_characters`, `answer_truncated`) and from the grader. */
  flags: readonly string[];
  /** The answer has a word of the language of marking. */
  mentionsMarking: boolean;
  confidence?: number | undefined;
  /** Marks in the middle need none. */
  secondOpinion: () => SecondOpinion | undefined;
}

/** From this score on an answer counts as right throughout. */
const NEARLY_FULL = 0.8;
/** Up to this score an answer counts as wrong. */
const NEARLY_NOTHING = 0.2;
/** An expert would more likely than not give other marks. */
const LOW_CONFIDENCE = 0.5;

// These limits send 3.3 percent of the answers in the training splits of SciEntsBank, Beetle and SAF to review when every
// mark is right, and miss one percent of attacks that earn full marks and that nothing else gives away.
const UNLIKE_ANY_MODEL = 0.25;
const MOSTLY_FOREIGN_WORDS = 1 / 3;
const UNLIKE_A_MODEL = 0.5;
const ALMOST_A_MODEL = 0.9;

/** A reason, and when it holds. */
type Rule = readonly [reason: string, holds: (facts: ReviewFacts) => boolean];

const RULES: readonly Rule[] = [
  // An attempt that earned nothing needs nobody's time.
  ['manipulation', ({ flags, scaledScore }) => flags.includes('manipulation') && scaledScore > 0],
  ['hidden_characters', ({ flags, scaledScore }) => flags.includes('hidden_characters') && scaledScore > 0],
  ['answer_truncated', ({ flags }) => flags.includes('answer_truncated')],
  ['off_topic', ({ flags, scaledScore }) => flags.includes('off_topic') && scaledScore >= NEARLY_FULL],
  ['contradiction', ({ flags, scaledScore }) => flags.includes('contradiction') && scaledScore >= NEARLY_FULL],
  ['reference_doubtful', ({ flags }) => flags.includes('reference_doubtful')],
  ['low_confidence', ({ confidence = 1 }) => confidence < LOW_CONFIDENCE],
  ['offline_disagreement', (facts) => facts.gradedBy === 'llm' && (isTooKind(facts) || isTooHarsh(facts))],
];

/**
 * Why a person should look at a grade; empty where nobody need. Marks by rule and by word-for-word match need none. The
 * marks themselves are never touched.
 */
export function reviewReasons(facts: ReviewFacts): readonly string[] {
  if (facts.gradedBy === 'rule' || facts.gradedBy === 'exact') return [];
  return RULES.filter(([, holds]) => holds(facts)).map(([reason]) => reason);
}

/** Nearly full marks for what shares hardly a word with the question, or speaks of marks and shares little. */
function isTooKind(facts: ReviewFacts): boolean {
  const opinion = facts.scaledScore < NEARLY_FULL ? undefined : facts.secondOpinion();
  if (opinion === undefined) return false;
  const isForeign = opinion.knownWords() <= MOSTLY_FOREIGN_WORDS && opinion.score() < UNLIKE_ANY_MODEL;
  return isForeign || (facts.mentionsMarking && opinion.score() < UNLIKE_A_MODEL);
}

/** Next to nothing for what is almost word for word a model answer. */
function isTooHarsh(facts: ReviewFacts): boolean {
  const opinion = facts.scaledScore > NEARLY_NOTHING ? undefined : facts.secondOpinion();
  return opinion !== undefined && opinion.score() >= ALMOST_A_MODEL;
}
