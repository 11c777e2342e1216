import { yieldToEventLoop } from './async/yield.js';
import { checkProviderOptions, someText, type OptionRule } from './input/option-rules.js';
import type { GradingItem, GradingProvider, Verdict } from './contract/provider.js';
import type { Question } from './contract/question.js';
import { gradeOffline } from './grading/offline/grade-offline.js';
import { prepareQuestion, type PreparedQuestion } from './grading/offline/prepared-question.js';

/** Options of {@link offlineProvider}. */
export interface OfflineProviderOptions {
  /** Shown in results, errors and metrics. @default 'offline' */
  name?: string | undefined;
  /**
   * Similarity from which a free-text answer passes, above 0 and below 1. Whatever it is, it becomes score 0.5.
   * @default 0.25 for one reference answer, 0.45 for two, rising to 0.65 for many
   */
  cut?: number | undefined;
}

const OPTION_RULES: { readonly [Name in keyof OfflineProviderOptions]-?: OptionRule } = {
  name: someText,
  cut: {
    rule: 'must be a number above 0 and below 1',
    holds: (value) => typeof value === 'number' && value > 0 && value < 1,
  },
};

/**
 * A real grader without network, key or training: it measures how many of a reference answer's words an answer has.
 * The same answer always gets the same score, in well under a millisecond. Use it for demos, tests and CI, and as the
 * last link of a provider chain.
 *
 * What to expect: on public sets of school answers it tells right from wrong about as well as trained word-overlap
 * systems do (macro-F1 about 0.70 to 0.75 on the training splits of SciEntsBank and Beetle, SemEval-2013 Task 7), below
 * language models and people. It cannot see that a sentence means the opposite, or that other words mean the same, and
 * is weak on long answers (Pearson 0.3 on Short Answer Feedback), code and languages other than English; confidence
 * never exceeds 0.9 and falls where the method is weak, and `flags` say why: `negation_mismatch`,
 * `contradiction_suspected`, `echoes_question`, `weak_on_long_answers`, `weak_on_code`, `weak_outside_english`,
 * `compared_with_examples`, `compared_with_rubric`, `answer_truncated`. Feedback is in English, and never quotes the
 * reference.
 *
 * It compares with the reference answers (a match with one of `fraction` 0.5 is worth at most half), else with the
 * graded examples, else with the rubric's criteria, else with the key of an objective question. Rubric questions get
 * one holistic score: shared words cannot tell how well a single criterion is met, and marks per criterion would look
 * like judgements that nobody made. Answers it cannot compare are refused: no reference and no key, or options to
 * select, order or match. An answer that only repeats the question's words does not pass. Only the first 20,000
 * characters are compared. A question is prepared once per object: pass a new object when its texts change.
 *
 * @throws {GradingOptionsError} for an unknown option or a cut outside 0..1.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than liquid water.'] };
 * const result = await gradeAnswer({ question, answer: 'its density is less' }, { provider: offlineProvider() });
 * ```
 */
export function offlineProvider(options: OfflineProviderOptions = {}): GradingProvider {
  checkProviderOptions(options, OPTION_RULES);
  const { name = 'offline', cut } = options;
  const prepared = new WeakMap<Question, PreparedQuestion | string>();
  let turn = Promise.resolve();
  const gradeItem = (item: GradingItem): Verdict => {
    const question = prepared.get(item.question) ?? prepareQuestion(item.question, cut);
    prepared.set(item.question, question);
    const grade = typeof question === 'string' ? question : gradeOffline(question, item.answer);
    return typeof grade === 'string' ? { id: item.id, refused: grade } : { id: item.id, ...grade };
  };
  return {
    name,
    fingerprint: `offline-2/${cut ?? 'default'}`,
    capabilities: { local: true, feedback: true },
    async grade(items, { signal }) {
      const verdicts: Verdict[] = [];
      for (const item of items) {
        // One answer per turn of the event loop, over all calls at once: a page or a server must not stand still.
        turn = turn.then(yieldToEventLoop);
        await turn;
        signal.throwIfAborted();
        verdicts.push(gradeItem(item));
      }
      return verdicts;
    },
  };
}
