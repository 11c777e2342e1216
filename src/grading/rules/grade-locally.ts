import type { AnswerToGrade, Question } from '../../contract/question.js';
import { gradeCloze } from './cloze.js';
import { isLeftBlank } from './left-blank.js';
import { gradeMatching } from './matching.js';
import { matchReference } from './match-reference.js';
import { gradeMultipleChoice } from './multiple-choice.js';
import { gradeMultipleSelect } from './multiple-select.js';
import { gradeNumeric } from './numeric.js';
import { gradeOrdering } from './ordering.js';
import { DISAGREEMENT, type RuleOutcome, type RulePart } from './rule-outcome.js';
import { gradeTrueFalse } from './true-false.js';

/** A grade that needed no model. */
export interface LocalGrade {
  decided: true;
  gradedBy: 'rule' | 'exact';
  /** What decided: the kind of question, `'exact_match'` or `'blank'`. */
  rule: string;
  /** Share of full marks, 0..1. */
  score: number;
  /** Of an answer in several parts that a rule decided. */
  parts?: readonly RulePart[];
}

/** Why no rule decided, as a teacher's note to the model that does not quote the learner. */
export interface LocalFinding {
  decided: false;
  finding?: string | undefined;
}

/** Which ways of grading without a model are on. */
interface LocalGradingWays {
  rules: boolean;
  exactMatch: boolean;
  blank: boolean;
}

/**
 * Grades an answer where a careful marker would by rule: the objective kinds, a reference repeated word for word, and
 * answers left blank. Everything else is for a model. Never throws, and takes time in proportion to the text.
 */
export function gradeLocally(
  question: Question,
  answer: AnswerToGrade['answer'],
  ways: LocalGradingWays,
): LocalGrade | LocalFinding {
  const outcome = ways.rules ? decisionOf(applyRule(question, answer)) : undefined;
  const matched = ways.exactMatch && !isKeyFinal(question, ways) ? matchReference(question, answer) : undefined;
  if (typeof outcome === 'object') {
    const isDisputed = matched !== undefined && matched !== outcome.score;
    return isDisputed
      ? { decided: false, finding: DISAGREEMENT }
      : { ...grade(question.kind ?? 'short_answer', outcome.score), ...(outcome.parts && { parts: outcome.parts }) };
  }
  if (matched !== undefined) return { decided: true, gradedBy: 'exact', rule: 'exact_match', score: matched };
  if (ways.blank && isLeftBlank(question, answer)) return grade('blank', 0);
  return { decided: false, finding: outcome };
}

/** The rule for a choice has already weighed the references that are options against the key. */
function isKeyFinal(question: Question, { rules }: LocalGradingWays): boolean {
  return rules && question.kind === 'multiple_choice' && (question.correctChoices ?? []).length > 0;
}

function applyRule(question: Question, answer: AnswerToGrade['answer']): RuleOutcome {
  switch (question.kind) {
    case 'multiple_choice':
      return gradeMultipleChoice(question, answer);
    case 'multiple_select':
      return gradeMultipleSelect(question, answer);
    case 'true_false':
      return gradeTrueFalse(question, answer);
    case 'numeric':
      return gradeNumeric(question, answer);
    case 'ordering':
      return gradeOrdering(question, answer);
    case 'matching':
      return gradeMatching(question, answer);
    case 'cloze':
      return gradeCloze(question, answer);
    case 'short_answer':
    case 'problem_solving':
    case 'essay':
    case 'code':
    case undefined:
    default:
      return undefined;
  }
}

/** A decision as one form, whether or not it has parts. */
function decisionOf(outcome: RuleOutcome): string | Pick<LocalGrade, 'score' | 'parts'> | undefined {
  return typeof outcome === 'number' ? { score: outcome } : outcome;
}

function grade(rule: string, score: number): LocalGrade {
  return { decided: true, gradedBy: 'rule', rule, score };
}
