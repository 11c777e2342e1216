/**
 * What a teacher asks and what a learner answers. Names follow the field: QTI 3, Moodle, LTI AGS, Open edX ORA.
 * Every optional property also takes `undefined`, so that database rows fit as they are.
 */

/** A model answer; `fraction` is the share of full marks it is worth (0..1, default 1). */
export interface ReferenceAnswer {
  text: string;
  fraction?: number | undefined;
}

/** A described level of a criterion, as rubrics of LTI, QTI and Open edX have them. */
export interface CriterionLevel {
  /** From 0 to the criterion's points, another for each level. Need not be whole or evenly spaced. */
  points: number;
  /** An answer at this level, in the teacher's words. */
  description: string;
}

/**
 * One thing that earns (or, with negative points, costs) marks. With `levels` or `keyPoints`, marks are given by level
 * or by count; otherwise a grader says on a scale from 0 to 5 how far the criterion is met.
 */
export interface RubricCriterion {
  id: string;
  description: string;
  /**
   * Points for meeting the criterion in full. May be negative: then it names a fault.
   * @default those of the highest level, the number of key points that count, else 1
   */
  points?: number | undefined;
  /** Two levels at least, in any order; the farthest from 0 is worth the criterion's points. */
  levels?: readonly CriterionLevel[] | undefined;
  /** Things that an answer may name: marks are the share of `keyPointsNeeded` that it does. Not beside `levels`. */
  keyPoints?: readonly string[] | undefined;
  /** So many of the key points are worth full marks ("name 2 of 4 causes"). @default all */
  keyPointsNeeded?: number | undefined;
}

/** How marks are given: the total is always summed in code from the criteria. */
export interface Rubric {
  criteria: readonly RubricCriterion[];
}

/** An answer that the teacher has marked, shown to the model as an example. */
export interface GradedExample {
  answer: string;
  /** In points, 0 to the question's maximum. With `criteria` it is their sum. */
  score: number;
  /** Points by criterion id, all of the rubric: shows a model how each level is meant. */
  criteria?: Readonly<Record<string, number>> | undefined;
  comment?: string | undefined;
}

/** A known wrong idea, with the feedback a learner who holds it should get. */
export interface Misconception {
  id: string;
  description: string;
  feedback?: string | undefined;
}

/**
 * Which answers are decided without a model. `true` (the default) decides all that a careful marker could decide by
 * rule, `false` none.
 */
export type LocalGrading = boolean | LocalGradingSwitches;

/** One switch per way of grading without a model; each is on by default. */
export interface LocalGradingSwitches {
  /** Objective kinds (multiple choice, true/false, ...) by rule. @default true */
  rules?: boolean | undefined;
  /** A word-for-word match with a reference. @default true */
  exactMatch?: boolean | undefined;
  /** Blank answers and "I don't know". @default true */
  blank?: boolean | undefined;
}

/** What every kind of question may carry. */
export interface QuestionBase {
  /** Echoed as `questionId` in the result. */
  id?: string | undefined;
  /** What the learner was asked. */
  prompt: string;
  /** Answers worth full marks, or the given `fraction` of them. */
  referenceAnswers?: readonly (string | ReferenceAnswer)[] | undefined;
  rubric?: Rubric | undefined;
  /** Points for a perfect answer. @default the sum of the rubric's positive points, else 1 */
  scoreMaximum?: number | undefined;
  /** `isCorrect` means `scaledScore >= passingScaledScore`. @default 0.5 */
  passingScaledScore?: number | undefined;
  /** Marked answers that show the model how strict to be. */
  examples?: readonly GradedExample[] | undefined;
  misconceptions?: readonly Misconception[] | undefined;
  /** Notes for the grader that no learner ever sees. */
  graderInfo?: string | undefined;
  /** Material for this question. @default the run's `context` */
  context?: string | undefined;
  /** 0 easy .. 1 hard, for `order: 'easiest'`. */
  difficulty?: number | undefined;
  /** Upper and lower case differ, as in code. @default false */
  caseSensitive?: boolean | undefined;
  /** BCP 47 tag of the language that answers are written in. */
  language?: string | undefined;
  /** Overrides the run's `localGrading` for this question. */
  localGrading?: LocalGrading | undefined;
}

/** Whether several parts earn marks one by one or only all together. */
export type PartScoring = 'partial' | 'all_or_nothing';

/** Free text, marked by meaning. The default kind. */
export interface FreeTextQuestion extends QuestionBase {
  /** @default 'short_answer' */
  kind?: 'short_answer' | 'problem_solving' | 'essay' | 'code' | undefined;
}

/** One option out of several. */
export interface MultipleChoiceQuestion extends QuestionBase {
  kind: 'multiple_choice';
  choices: readonly string[];
  /** Indices from 0. Without it, a reference that equals an option is the key. */
  correctChoices?: readonly number[] | undefined;
}

/** Any number of options. `partial` scores right minus wrong, floored at 0. */
export interface MultipleSelectQuestion extends QuestionBase {
  kind: 'multiple_select';
  choices: readonly string[];
  /** Indices from 0. */
  correctChoices: readonly number[];
  /** @default 'partial' */
  scoring?: PartScoring | undefined;
}

/** A statement to judge. */
export interface TrueFalseQuestion extends QuestionBase {
  kind: 'true_false';
  correctAnswer: boolean;
}

/** The key of a numeric question. */
export interface NumericKey {
  value: number;
  /** @default exact */
  tolerance?: number | undefined;
  /** `relative` is a fraction of |value|. @default 'absolute' with a tolerance, else 'exact' */
  toleranceMode?: 'exact' | 'absolute' | 'relative' | undefined;
  unit?: string | undefined;
}

/** A number, with a tolerance and a unit if wanted. */
export interface NumericQuestion extends QuestionBase {
  kind: 'numeric';
  numeric: NumericKey;
}

/** Options to put in order. */
export interface OrderingQuestion extends QuestionBase {
  kind: 'ordering';
  choices: readonly string[];
  /** Indices from 0, in the right order. */
  correctOrder: readonly number[];
  /** @default 'partial' */
  scoring?: PartScoring | undefined;
}

/** Pairs to match; an answer in one string writes them as `left -> right`, one a line or separated by `;`. */
export interface MatchingQuestion extends QuestionBase {
  kind: 'matching';
  pairs: readonly (readonly [left: string, right: string])[];
  /** @default 'partial' */
  scoring?: PartScoring | undefined;
}

/** One gap of a cloze text and what it accepts. */
export interface ClozeBlank {
  accept: readonly string[];
  /** @default 1 */
  points?: number | undefined;
}

/** A text with gaps. */
export interface ClozeQuestion extends QuestionBase {
  kind: 'cloze';
  blanks: readonly ClozeBlank[];
  /** @default 'partial' */
  scoring?: PartScoring | undefined;
}

/**
 * A question of any kind, told apart by `kind`.
 *
 * @example
 * ```ts
 * import type { Question } from 'gradelanes';
 *
 * const question: Question = {
 *   kind: 'multiple_choice',
 *   prompt: 'Which function starts a task on the Tokio runtime?',
 *   choices: ['thread::spawn', 'tokio::spawn', 'block_on'],
 *   correctChoices: [1],
 * };
 * ```
 */
export type Question =
  | FreeTextQuestion
  | MultipleChoiceQuestion
  | MultipleSelectQuestion
  | TrueFalseQuestion
  | NumericQuestion
  | OrderingQuestion
  | MatchingQuestion
  | ClozeQuestion;

/** The kind of a question; `'short_answer'` where it is left out. */
export type QuestionKind = NonNullable<Question['kind']>;

/**
 * One learner's answer to one question.
 *
 * @example
 * ```ts
 * import type { AnswerToGrade } from 'gradelanes';
 *
 * const answer: AnswerToGrade = {
 *   question: { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] },
 *   answer: 'because it weighs less than the same amount of water',
 * };
 * ```
 */
export interface AnswerToGrade {
  question: Question;
  /** Text, or the parts of an answer with several (texts or indices from 0). */
  answer: string | readonly string[] | readonly number[];
  /** Echoed as `answerId` in the result. */
  id?: string | undefined;
  /** Keeps learners apart in batches; never leaves the process. Answers without one count as one learner's. */
  learnerId?: string | undefined;
}

/** The share of the marks that passes where the question does not say. */
export const DEFAULT_PASSING_SCALED_SCORE = 0.5;

/** The model reads so much of an answer: more than 600 words. */
export const DEFAULT_MAX_ANSWER_CHARACTERS = 4_000;
