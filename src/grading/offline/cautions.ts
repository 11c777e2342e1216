import type { PartGrade } from './grade-part.js';
import { COMPARED_CHARACTERS } from './normalise-text.js';
import type { PreparedQuestion } from './prepared-question.js';

/** Why a grade deserves less trust than its score suggests. They are the flags of an offline verdict. */
type Caution =
  | 'answer_truncated'
  | 'compared_with_examples'
  | 'compared_with_rubric'
  | 'contradiction_suspected'
  | 'echoes_question'
  | 'negation_mismatch'
  | 'weak_on_code'
  | 'weak_on_long_answers'
  | 'weak_outside_english';

/** Words in the longest model answer from which shared words say little. */
const LONG_WORDS = 30;

/**
 * Measured on the training splits of SciEntsBank and Beetle: of grades at the cut that nothing speaks against, 65 % are
 * right, of clear ones 88 %.
 */
const CONFIDENCE_AT_CUT = 0.6;
const HIGHEST_CONFIDENCE = 0.9;
/** This far from the cut, confidence stops growing. */
const CLEAR_DISTANCE = 0.4;

const CONFIDENCE_CAPS: Readonly<Record<Caution, number>> = {
  answer_truncated: 0.4,
  compared_with_examples: 0.5,
  compared_with_rubric: 0.3,
  contradiction_suspected: 0.5,
  echoes_question: 0.6,
  negation_mismatch: 0.5,
  weak_on_code: 0.4,
  // Below .5, so that a person looks: of such fails only a fourth are right.
  weak_on_long_answers: 0.45,
  weak_outside_english: 0.45,
};

/** What speaks against trusting these grades. */
export function cautionsFor(
  question: PreparedQuestion,
  grades: readonly PartGrade[],
  answer: string,
): readonly Caution[] {
  const compared = grades.filter((grade) => grade.by === 'comparison');
  if (compared.length === 0) return [];
  const cautions: Readonly<Record<Caution, boolean>> = {
    answer_truncated: answer.trimStart().length > COMPARED_CHARACTERS,
    compared_with_examples: question.source === 'examples',
    compared_with_rubric: question.source === 'rubric',
    contradiction_suspected: compared.some(({ nearest }) => nearest.contradicts),
    echoes_question: compared.some(({ isEcho }) => isEcho),
    negation_mismatch: compared.some(({ nearest }) => nearest.negationMismatch),
    weak_on_code: question.profile === 'symbols',
    weak_on_long_answers: compared.some(({ nearest }) => nearest.model.text.words.length >= LONG_WORDS),
    weak_outside_english: !isEnglish(question),
  };
  return (Object.keys(cautions) as Caution[]).filter((caution) => cautions[caution]);
}

/** By the question's language; where it has none, by the small words of its texts. */
function isEnglish({ profile, language, looksEnglish }: PreparedQuestion): boolean {
  if (profile === 'characters') return false;
  return language === undefined ? looksEnglish : /^en(?:[-_]|$)/i.test(language);
}

/** How far to trust a score, 0..0.9: least at the cut, and no further than any caution allows. */
export function confidenceIn(score: number, cautions: readonly Caution[]): number {
  const clearness = Math.min(1, Math.abs(score - 0.5) / CLEAR_DISTANCE);
  const confidence = CONFIDENCE_AT_CUT + (HIGHEST_CONFIDENCE - CONFIDENCE_AT_CUT) * clearness;
  const capped = Math.min(confidence, ...cautions.map((caution) => CONFIDENCE_CAPS[caution]));
  return Math.round(capped * 100) / 100;
}
