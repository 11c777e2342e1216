import { hashGradeKey, rememberedKey } from './grade-key.js';
import { readEarlierGrade, type EarlierGrade } from './earlier-grade.js';
import type { GradingRun } from '../run/grading-run.js';
import type { ResultLookup } from '../../contract/grading-options.js';
import { inTime } from '../../async/waiting.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { GradingReport } from '../../contract/report.js';
import type { StopSignal } from '../../async/stop-signal.js';
import type { GradedAnswer } from '../../contract/result.js';
import { isJsonObject, objectOf, type JsonObject } from '../../json/untyped-json.js';
import { yieldToEventLoop } from '../../async/yield.js';

/** Longest time of a lookup, in milliseconds. It is long, because a grade that is not found costs a call. */
const MAX_WAIT_MS = 10_000;

/** Results of a report after which the event loop has a turn. */
const RESULTS_PER_TURN = 1_000;

/** Finds an earlier grade by position and key; may return anything, or a promise of it. */
type Lookup = (index: number, key: string) => unknown;

/** The parts of a run that reuse needs before the run is built. */
export type ReuseParts = Pick<GradingRun, 'options' | 'stop' | 'abort' | 'emit' | 'gradeKey'>;

/**
 * Names an answer by its grade key and looks for the grade that an earlier run gave it. At once where nobody has to be
 * asked; the promise never rejects.
 */
export type Resume = (pending: PendingAnswer) => Promise<GradedAnswer | undefined> | undefined;

/**
 * Resume, for a run whose answers have keys. Whatever an earlier run left, no answer is lost by it: a lookup that throws,
 * rejects, hangs or gives nonsense has just found nothing.
 */
export function createResume(run: ReuseParts): Resume {
  const { resumeFrom } = run.options;
  const lookUp = typeof resumeFrom === 'object' ? lookupIn(resumeFrom, run) : resumeFrom && inTimeOf(resumeFrom, run);
  // Set with the first failure, which alone is told.
  let hasFailed = false;

  /** One warning a run: a store that is down fails for every answer. */
  function fail(error: unknown): void {
    if (hasFailed || lookUp === undefined) return;
    hasFailed = true;
    run.emit?.({ type: 'cache-failed', operation: 'resume', error });
  }

  async function find({ index, source }: PendingAnswer, key: string): Promise<EarlierGrade | undefined> {
    const found = await lookUp?.(index, key);
    if (found === undefined || found === null) return undefined;
    const earlier = objectOf(found);
    // A grade of another question, prompt or model is no fault: the answer is just asked about.
    const isOfAnother = earlier['key'] !== undefined && earlier['key'] !== key;
    return isOfAnother || earlier['status'] === 'failed' ? undefined : readEarlierGrade(earlier, source.question);
  }

  async function resume(pending: PendingAnswer, hashed: string | Promise<string>): Promise<GradedAnswer | undefined> {
    try {
      const key = await hashed;
      pending.name(key);
      const grade = await find(pending, key);
      // A grade that is taken over took no call of this run.
      const effort = { attempts: 0, durationMs: 0, queuedMs: 0 };
      return grade && { ...grade, ...effort, index: pending.index, fromCache: true };
    } catch (error) {
      fail(error);
      return undefined;
    }
  }

  return (pending) => {
    const hashed = hashGradeKey(run.gradeKey(pending.source));
    if (lookUp !== undefined || typeof hashed !== 'string') return resume(pending, hashed);
    pending.name(hashed);
    return undefined;
  };
}

/** Waits for a lookup of the user's as long as there is hope. Those that are not async cost no timer. */
function inTimeOf(lookUp: ResultLookup, { options, stop }: ReuseParts): Lookup {
  return (index, key) => {
    const reply: unknown = lookUp(index, key);
    return isJsonObject(reply) && 'then' in reply
      ? inTime(Promise.resolve(reply), MAX_WAIT_MS, options.clock, stop)
      : reply;
  };
}

/** Lookup in a report: looks first at the same position, since a resumed run usually has the same list, then by key. */
function lookupIn({ results }: GradingReport, { stop }: ReuseParts): Lookup {
  // Memoised: the report is indexed once, with the first lookup.
  let keyed: ReturnType<typeof withKeys> | undefined;
  return async (index, key) => {
    keyed ??= withKeys(results, stop);
    const { inOrder, byKey } = await keyed;
    const there = inOrder[index];
    return there?.['status'] === 'graded' && there['key'] === key ? there : (byKey.get(key) ?? there);
  };
}

/** Grades that have no key get it here if this process still knows what they are about. */
async function withKeys(
  results: readonly unknown[],
  stop: StopSignal,
): Promise<{ inOrder: readonly JsonObject[]; byKey: ReadonlyMap<unknown, JsonObject> }> {
  const inOrder: JsonObject[] = [];
  const byKey = new Map<unknown, JsonObject>();
  for (const [position, each] of results.entries()) {
    if (stop.reason !== undefined) break;
    if ((position + 1) % RESULTS_PER_TURN === 0) await yieldToEventLoop();
    const given = objectOf(each);
    const known = given['key'] === undefined ? rememberedKey(results, position) : undefined;
    const result = known === undefined ? given : { ...given, key: await hashGradeKey(known) };
    inOrder.push(result);
    if (result['status'] === 'graded') byKey.set(result['key'], result);
  }
  return { inOrder, byKey };
}
