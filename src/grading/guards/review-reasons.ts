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
  /** The score reaches what the question asks for. */
  isPassing: boolean;
  /** Send more to review, of the right marks as well. */
  isStrict: boolean;
  /** Marks below the passing score and above next to nothing need none. */
  secondOpinion: () => SecondOpinion | undefined;
}

/** From this score on an answer counts as right throughout. */
const NEARLY_FULL = 0.8;
/** Up to this score an answer counts as wrong. */
const NEARLY_NOTHING = 0.2;
/** An expert would more likely than not give other marks. */
const LOW_CONFIDENCE = 0.5;

/** How like a model answer (0..1) an answer is that contradicts its marks. */
interface OpinionLimits {
  /** Passing marks below this are too kind, whatever the words. */
  readonly unlikeAnyModel: number;
  /** Next to nothing from here on is too harsh. */
  readonly almostAModel: number;
}

// Chosen on the training splits of SciEntsBank, Beetle and SAF: by default 4.9 % of right marks and 23 % of marks turned
// round go to review, strictly 9.5 % and 36 %. test/attack-data.test.ts measures it where the data are.
const LIMITS: OpinionLimits = { unlikeAnyModel: 0.1, almostAModel: 0.8 };
const STRICT_LIMITS: OpinionLimits = { unlikeAnyModel: 0.3, almostAModel: 0.75 };
/** Words of nobody's material make passing marks too kind up to here. */
const UNLIKE_WITH_FOREIGN_WORDS = 0.25;
const MOSTLY_FOREIGN_WORDS = 1 / 3;
/** Talk of marks makes passing marks too kind up to here. */
const UNLIKE_A_MODEL = 0.5;

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

/**
 * Passing marks for what shares hardly a word with the question, or speaks of marks and shares little. From the passing
 * score on, and not only near full marks: a model that was talked into 3 of 5 levels passes a learner as well.
 */
function isTooKind(facts: ReviewFacts): boolean {
  const opinion = facts.isPassing ? facts.secondOpinion() : undefined;
  if (opinion === undefined) return false;
  const score = opinion.score();
  const isForeign = score < UNLIKE_WITH_FOREIGN_WORDS && opinion.knownWords() <= MOSTLY_FOREIGN_WORDS;
  // Part of the marks for hardly a shared word is common, all of them is not.
  const isUnlike = facts.scaledScore >= NEARLY_FULL && score < limitsOf(facts).unlikeAnyModel;
  return isForeign || isUnlike || (facts.mentionsMarking && score < UNLIKE_A_MODEL);
}

/** Next to nothing for what is almost word for word a model answer. */
function isTooHarsh(facts: ReviewFacts): boolean {
  const opinion = facts.scaledScore > NEARLY_NOTHING ? undefined : facts.secondOpinion();
  return opinion !== undefined && opinion.score() >= limitsOf(facts).almostAModel;
}

function limitsOf({ isStrict }: ReviewFacts): OpinionLimits {
  return isStrict ? STRICT_LIMITS : LIMITS;
}
