import { GradingOptionsError } from '../../contract/errors.js';
import type { GradingOptions } from '../../contract/grading-options.js';
import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';
import { gradeAnswersWithFallback } from '../../engine/grade-answers.js';
import { textOfAnswer } from '../marked-answers.js';
import { type AuditKind, type AuditLimits, type GradedPair, gradedPair, reportKind } from './kind-report.js';
import { type AuditVariant, BUILT_IN_VARIANTS } from './variants.js';

/** How a grader is audited. */
export interface AuditGraderOptions {
  /** Options of the grading runs: limits, instructions, a controller. Rules, caches and earlier results are left out. */
  grading?: Partial<Omit<GradingOptions, 'provider' | 'mode' | 'cache' | 'resumeFrom' | 'localGrading'>> | undefined;
  /** Changes of your own, such as translations, beside or in place of those of a kind that is built in. @default none */
  variants?: readonly AuditVariant[] | undefined;
  /** The kinds to try. @default all */
  kinds?: readonly string[] | undefined;
  /** A mark has moved from this difference of scaled scores on, above 0 and at most 1. @default 0.1: half a level of five */
  leastChange?: number | undefined;
  /** This share of marks may move before it is a finding, 0..1. @default 0.02 */
  tolerance?: number | undefined;
  /** How sure a finding must be, all kinds together: above 0 and below 1. @default 0.95 */
  level?: number | undefined;
}

/** What an audit found. Plain data. */
export interface GraderAudit {
  answerCount: number;
  /** Answers graded in all, changed ones included; and the calls that took. */
  gradings: number;
  requests: number;
  /** Gradings that failed: their pairs are in no figure. */
  failedCount: number;
  /** How often marks move when the very same is asked again. */
  repeat: AuditKind;
  kinds: readonly AuditKind[];
  /** The kinds that were exposed. */
  exposed: readonly string[];
  /** Kinds that no answer could be changed by, or that the provider cannot be asked about. */
  untried: readonly string[];
}

const BATCH_POSITION = { kind: 'batch_position', expectation: 'same' } as const;

const REPEAT = { kind: 'repeat', expectation: 'same' } as const;

/**
 * Audits a grader by pairs of answers (metamorphic testing): changes that must not move a mark (spelling slips, padding,
 * begging, names, dialect, function words of another language, the order of criteria, the place in a batch) and changes
 * that must lower it (a negation, other numbers, dropped key points). A kind is exposed where marks move more often than by
 * asking the same twice, and than tolerated. No rule and no cache stands in for the grader.
 *
 * It takes one grading for each answer, each repeat and each change that can be made, see {@link auditSize}, under the
 * limits of `grading`.
 *
 * @param provider The grader: one provider.
 * @param answers Answers to audit with, some 200 of them: half of them good ones, or little can fall.
 * @param options How to grade, and what counts as a move.
 * @returns Plain data; `toMarkdown` and `toHtml` show it.
 * @throws {GradingOptionsError} (as a rejection) for misuse, before any call.
 *
 * @example
 * ```ts
 * import type { GradingProvider } from 'gradelanes';
 * import { auditGrader } from 'gradelanes/evaluate';
 *
 * const soft: GradingProvider = {
 *   grade: async (items) => items.map(({ id, answer }) => ({ id, score: /please/i.test(answer) ? 0.8 : 0.6 })),
 * };
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const answers = Array.from({ length: 40 }, (_, index) => ({ question, answer: `Ice has less density (${index}).` }));
 * console.log((await auditGrader(soft, answers, { kinds: ['begging', 'padding'] })).exposed); // [ 'begging' ]
 * ```
 */
export async function auditGrader(
  provider: Exclude<GradingOptions['provider'], readonly unknown[]>,
  answers: readonly AnswerToGrade[],
  options: AuditGraderOptions = {},
): Promise<GraderAudit> {
  const limits = resolveLimits(options);
  const plan = planOf(answers, options);
  const grade = createGrading(provider, options.grading ?? {});
  const before = await grade(answers);
  const repeated = await grade(answers);
  const repeats = answers.flatMap(({ answer }, index) =>
    gradedPair({ index, answer: textOfAnswer(answer) }, before[index], repeated[index]),
  );
  const repeat = reportKind(REPEAT, repeats, new Set(), { ...limits, kinds: 1 });
  const restless = new Set(
    repeats
      .filter((pair) => Math.abs(pair.after.scaledScore - pair.before.scaledScore) >= limits.leastChange)
      .map(({ index }) => index),
  );
  const tries = plan.tries.filter(({ variant, index }) => variant.expectation === 'same' || passes(before[index]));
  const changed = await grade(tries.map((each) => each.answer));
  const pairs = tries.map(({ variant, index, group, answer }, position) => ({
    variant,
    graded: gradedPair({ index, group, answer: textOfAnswer(answer.answer) }, before[index], changed[position]),
  }));
  const kinds = plan.variants
    .map((variant) => ({
      variant,
      own: pairs.filter((each) => each.variant === variant).flatMap(({ graded }) => graded),
    }))
    .filter(({ own }) => own.length > 0)
    .map(({ variant, own }) => reportKind(variant, own, restless, limits));
  const position = plan.withBatches ? await batchPairs(answers, grade) : [];
  if (position.length > 0) kinds.push(reportKind(BATCH_POSITION, position, restless, limits));
  const tried = new Set(kinds.map(({ kind }) => kind));
  return {
    answerCount: answers.length,
    ...grade.totals,
    repeat,
    kinds,
    exposed: kinds.filter(({ isExposed }) => isExposed).map(({ kind }) => kind),
    untried: plan.kinds.filter((kind) => !tried.has(kind)),
  };
}

/**
 * How many gradings an audit of these answers takes at most. Changes that must lower a mark are tried on answers that
 * pass, so that it can be fewer.
 *
 * @example
 * ```ts
 * import { auditSize } from 'gradelanes/evaluate';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * console.log(auditSize([{ question, answer: 'less dense' }], { kinds: ['padding', 'begging'] })); // 4
 * ```
 */
export function auditSize(
  answers: readonly AnswerToGrade[],
  options: Pick<AuditGraderOptions, 'kinds' | 'variants'> = {},
): number {
  const { tries, withBatches } = planOf(answers, options);
  return answers.length * (withBatches ? 4 : 2) + tries.length;
}

interface Plan {
  kinds: readonly string[];
  variants: readonly AuditVariant[];
  tries: readonly { variant: AuditVariant; index: number; group?: string | undefined; answer: AnswerToGrade }[];
  withBatches: boolean;
}

function planOf(
  answers: readonly AnswerToGrade[],
  { variants = [], kinds }: Pick<AuditGraderOptions, 'kinds' | 'variants'>,
): Plan {
  const own = new Set(variants.map(({ kind }) => kind));
  const known = [...BUILT_IN_VARIANTS.filter(({ kind }) => !own.has(kind)), ...variants];
  const names = [...known.map(({ kind }) => kind), BATCH_POSITION.kind];
  const chosen = kinds ?? names;
  const foreign = chosen.find((kind) => !names.includes(kind));
  if (foreign !== undefined) throw new GradingOptionsError('kinds', `must be among ${names.join(', ')}`, foreign);
  const used = known.filter(({ kind }) => chosen.includes(kind));
  const tries = used.flatMap((variant) =>
    answers.flatMap((given, index) => {
      const changed = variant.change(given, index);
      return changed === undefined ? [] : [{ variant, index, ...changed }];
    }),
  );
  return { kinds: chosen, variants: used, tries, withBatches: chosen.includes(BATCH_POSITION.kind) };
}

function resolveLimits(options: AuditGraderOptions): AuditLimits {
  const { leastChange = 0.1, tolerance = 0.02, level = 0.95, kinds, variants = [] } = options;
  const check = (field: string, value: number, rule: string, holds: boolean): void => {
    if (!holds) throw new GradingOptionsError(field, rule, String(value));
  };
  check('leastChange', leastChange, 'must be a number above 0 and at most 1', leastChange > 0 && leastChange <= 1);
  check('tolerance', tolerance, 'must be a number from 0 to 1', tolerance >= 0 && tolerance <= 1);
  check('level', level, 'must be a number above 0 and below 1', level > 0 && level < 1);
  return { leastChange, tolerance, level, kinds: kinds?.length ?? BUILT_IN_VARIANTS.length + variants.length + 1 };
}

type GradeAll = ((answers: readonly AnswerToGrade[], mode?: 'batch') => Promise<readonly GradingResult[]>) & {
  totals: { gradings: number; requests: number; failedCount: number };
};

/** Grading without anything that would answer in place of the grader, and a count of what it took. */
function createGrading(
  provider: Exclude<GradingOptions['provider'], readonly unknown[]>,
  grading: Partial<GradingOptions>,
): GradeAll {
  const totals = { gradings: 0, requests: 0, failedCount: 0 };
  const own = { cache: undefined, resumeFrom: undefined, localGrading: false, feedback: grading.feedback ?? false };
  const grade = async (answers: readonly AnswerToGrade[], mode?: 'batch'): Promise<readonly GradingResult[]> => {
    const { results, metrics } = await gradeAnswersWithFallback(answers, { ...grading, ...own, provider, mode });
    totals.gradings += answers.length;
    totals.requests += metrics.requests;
    totals.failedCount += metrics.failedCount;
    return results;
  };
  return Object.assign(grade, { totals });
}

/** The same batches, filled from the other end: every answer stands elsewhere, beside others. */
async function batchPairs(answers: readonly AnswerToGrade[], grade: GradeAll): Promise<readonly GradedPair[]> {
  // As one learner's: answers of different learners would not share a prompt.
  const together = answers.map((answer) => ({ ...answer, learnerId: undefined }));
  const inOrder = await grade(together, 'batch');
  const reversed = (await grade(together.toReversed(), 'batch')).toReversed();
  const wasBatched = inOrder.some((result) => result.mode === 'batch');
  if (!wasBatched) return [];
  return answers.flatMap(({ answer }, index) =>
    gradedPair({ index, answer: textOfAnswer(answer) }, inOrder[index], reversed[index]),
  );
}

function passes(result: GradingResult | undefined): boolean {
  return result?.status === 'graded' && result.isCorrect;
}
