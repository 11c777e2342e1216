import { checkAnswers } from '../input/check-answers.js';
import { checkProviderOptions, someObject, type OptionRule } from '../input/option-rules.js';
import type { BulkVendor } from '../contract/bulk-vendor.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { GradingItem } from '../contract/provider.js';
import { gradingItem, PendingAnswer } from '../engine/run/pending-answer.js';
import { createGuards, type Guards } from '../grading/guards/load-guards.js';
import { decideLocally } from '../engine/intake/decide-locally.js';
import { pickOptions } from '../input/option-facts.js';
import { resolveOptions } from '../input/resolve-options.js';
import type { ResolvedOptions } from '../input/resolved-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import { answerText } from '../grading/text/answer-text.js';
import type { LocalGrade } from '../grading/rules/grade-locally.js';
import type { BulkGradingOptions } from './bulk-options.js';

/** What `submit` and `collect` both know of a run. */
export interface BulkRun {
  readonly vendor: BulkVendor;
  readonly answers: readonly AnswerToGrade[];
  readonly options: ResolvedOptions;
  readonly guards: Guards | undefined;
  readonly signal: AbortSignal;
}

type Rules<Options> = { readonly [Name in keyof Options]-?: OptionRule };

/** A value that is checked elsewhere. */
export const anything: OptionRule = { rule: '', holds: () => true };
const GRADING_OPTIONS: Rules<BulkGradingOptions> = {
  context: anything,
  instructions: anything,
  localGrading: anything,
  guards: anything,
  review: anything,
  feedback: anything,
  evidence: anything,
  signal: anything,
  clock: anything,
  random: anything,
};

/** A function of the caller's. */
export const someCallback: OptionRule = { rule: 'must be a function', holds: (value) => typeof value === 'function' };

/** What `vendor` must be. */
export const vendorRule: OptionRule = {
  rule: 'must be made by anthropicBulk() or openaiBulk()',
  holds: (value) => someObject.holds(value) && typeof Reflect.get(Object(value), 'writeRequest') === 'function',
  isRequired: true,
};

/**
 * Checks everything.
 *
 * @param rules For the options beside those of grading.
 * @throws {GradingOptionsError} for misuse.
 */
export async function prepareRun<Options extends BulkGradingOptions & { vendor: BulkVendor }>(
  answers: readonly AnswerToGrade[],
  given: Options,
  rules: Rules<Omit<Options, keyof BulkGradingOptions | 'vendor'>>,
): Promise<BulkRun> {
  // The compiler cannot see that the three together name every option.
  checkProviderOptions(given, { ...GRADING_OPTIONS, vendor: vendorRule, ...rules } as Rules<Options>);
  const { vendor, signal } = given;
  // The vendor is no provider that could be called: nobody asks this one.
  const options = resolveOptions({
    ...pickOptions('bulk', given),
    provider: { name: vendor.name, generate: async () => '' },
  });
  if (!Array.isArray(answers)) throw new GradingOptionsError('answers', 'must be an array', typeof answers);
  return {
    vendor,
    answers: await checkAnswers(answers),
    options,
    guards: options.guards && createGuards(options.guards),
    signal: signal ?? new AbortController().signal,
  };
}

/** The grade of an answer that needs no request. */
export function localGrade({ options }: BulkRun, answer: AnswerToGrade): LocalGrade | undefined {
  const decision = decideLocally(answer, options);
  return decision?.decided === true ? decision : undefined;
}

/** An answer that needs one: as the guards left it. */
export function guardedAnswer({ guards }: BulkRun, index: number, source: AnswerToGrade): PendingAnswer {
  const pending = new PendingAnswer(index, source);
  pending.guard(guards?.guardAnswer(source.question, answerText(source.question, source.answer)));
  return pending;
}

/** What the vendor's model sees of it. */
export function itemOf({ options }: BulkRun, { source, guarded }: PendingAnswer, key: string): GradingItem {
  return gradingItem(key, source, guarded, options.context);
}
