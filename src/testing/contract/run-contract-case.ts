import { isProviderError } from '../../contract/errors.js';
import type { FailureCode } from '../../contract/failure.js';
import type { GradingItem, Provider } from '../../contract/provider.js';
import { capabilityProblems, reportProblems, verdictProblems } from './contract-problems.js';
import { HOSTILE_ANSWERS, LARGE_ANSWER, SAMPLE_RUBRIC, deepFreeze } from './contract-samples.js';
import { itemOf, itemsFor, openSubject, startCall, type ContractSubject } from './contract-subject.js';
import { nextTurn } from '../../async/yield.js';
import type { ContractCaseName, ProviderContractOptions } from './contract-case.js';
import { watchRejections } from './watch-rejections.js';
import { within } from '../time/waiting.js';

/** What a provider may say of an answer that it cannot grade. */
const DECLINED: ReadonlySet<FailureCode> = new Set([
  'refused',
  'too_large',
  'truncated',
  'malformed',
  'invalid_request',
]);

/** Turns of the event loop after which a rejection without a handler has been reported. */
const TURNS_TO_REPORT = 3;

/** Every promise of a provider, by name. */
const CHECKS: Readonly<Record<ContractCaseName, (subject: ContractSubject) => Promise<void>>> = {
  'declares capabilities that can be': async ({ grader }) => demand(capabilityProblems(grader.capabilities)),
  'grades one answer': (subject) => grade(subject, itemsFor(subject, 1)),
  'grades several answers in one call': (subject) => grade(subject, severalItems(subject)),
  'keeps concurrent calls apart': async (subject) => {
    await Promise.all(itemsFor(subject, 5).map((item) => grade(subject, [item])));
  },
  'grades by rubric': (subject) => survive(subject, itemOf({ ...subject.question, rubric: SAMPLE_RUBRIC }, 'density')),
  'survives an empty answer': (subject) => survive(subject, itemOf(subject.question, '')),
  'survives a very long answer': (subject) => survive(subject, itemOf(subject.question, LARGE_ANSWER)),
  'survives hostile answers': async (subject) => {
    for (const answer of HOSTILE_ANSWERS) await survive(subject, itemOf(subject.question, answer));
  },
  'changes nothing that it is given': (subject) => grade(subject, deepFreeze(severalItems(subject).map(copyOf))),
  'starts no call whose signal has aborted': startNothing,
  'ends a call when its signal aborts': endOnAbort,
  'leaves no rejection unhandled': leaveNoRejection,
  'tells a rate limit and its wait': tellRateLimit,
};

/** Rejects with an `Error` that says how the provider broke the promise. */
export async function runContractCase(
  name: ContractCaseName,
  provider: Provider,
  options: ProviderContractOptions,
): Promise<void> {
  await CHECKS[name](openSubject(provider, options));
}

/** The question is the author's, so it is not frozen itself. */
function copyOf(item: GradingItem): GradingItem {
  return JSON.parse(JSON.stringify(item)) as GradingItem;
}

function severalItems(subject: ContractSubject): readonly GradingItem[] {
  return itemsFor(subject, Math.min(3, subject.grader.capabilities?.maxItemsPerCall ?? 3));
}

/** Honest answers must be graded. */
async function grade(subject: ContractSubject, items: readonly GradingItem[]): Promise<void> {
  const { verdicts, reports } = startCall(subject, items);
  demand([...verdictProblems(await verdicts, items, true), ...reports.flatMap(reportProblems)]);
}

/** Any other answer may be declined, in one of the ways there are for it. */
async function survive(subject: ContractSubject, item: GradingItem): Promise<void> {
  try {
    demand(verdictProblems(await startCall(subject, [item]).verdicts, [item], false));
  } catch (error) {
    if (!isProviderError(error) || !DECLINED.has(error.code)) throw error;
  }
}

async function startNothing(subject: ContractSubject): Promise<void> {
  const controller = new AbortController();
  controller.abort(new Error('aborted by the contract'));
  const hasEnded = await startCall(subject, itemsFor(subject, 1), controller).verdicts.then(
    () => true,
    () => false,
  );
  const mayEnd = subject.isLocal || !hasEnded;
  demand(mayEnd ? [] : ['grade() must reject when its signal has aborted: call signal.throwIfAborted() first']);
}

/** A call that was faster than its abort may end well. */
async function endOnAbort(subject: ContractSubject): Promise<void> {
  const controller = new AbortController();
  const ended = Promise.allSettled([startCall(subject, itemsFor(subject, 1), controller).verdicts]);
  controller.abort(new Error('aborted by the contract'));
  await within(ended, subject.abortLimitMs, 'grade() did not settle after its signal aborted: pass call.signal on');
}

async function leaveNoRejection(subject: ContractSubject): Promise<void> {
  const stopWatching = watchRejections();
  let lost: readonly unknown[] = [];
  try {
    await endOnAbort(subject);
    for (let turn = 0; turn < TURNS_TO_REPORT; turn += 1) await nextTurn();
  } finally {
    lost = stopWatching();
  }
  demand(lost.map(() => 'a promise rejected after the abort, and nothing handled it'));
}

/** The mapping that every own provider gets wrong at first: the engine pauses for it, and a wrong one costs answers. */
async function tellRateLimit(subject: ContractSubject): Promise<void> {
  if (subject.rateLimitNext === undefined) return;
  await subject.rateLimitNext();
  const error: unknown = await startCall(subject, itemsFor(subject, 1)).verdicts.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isProviderError(error) || error.code !== 'rate_limited') {
    const received = isProviderError(error) ? error.code : String(error);
    demand([`a 429 must be thrown as new ProviderError('rate_limited', ...): received ${received}`]);
  } else if (error.retryAfterMs !== 2_000) {
    demand([`Retry-After: 2 must be told as retryAfterMs 2000: received ${String(error.retryAfterMs)}`]);
  }
}

function demand(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
