import type { CallReport, GradingItem, GradingProvider, Provider, Verdict } from '../../contract/provider.js';
import type { Question } from '../../contract/question.js';
import { promptGrader } from '../../grading/prompt/prompt-grader.js';
import { SAMPLE_ANSWERS, SAMPLE_QUESTION } from './contract-samples.js';
import type { ProviderContractOptions } from './contract-case.js';
import { within } from '../time/waiting.js';

/** A provider in one case of its contract, and what it is asked. */
export interface ContractSubject {
  grader: GradingProvider;
  /** Works inside the process, where there may be nothing to abort. */
  isLocal: boolean;
  question: Question;
  answers: readonly string[];
  rateLimitNext: ProviderContractOptions['rateLimitNext'];
  callLimitMs: number;
  abortLimitMs: number;
}

/** One call in flight. */
export interface ContractCall {
  verdicts: Promise<readonly Verdict[]>;
  reports: readonly CallReport[];
}

/** Fills in what the author left out. A language model is asked through the library's own prompt. */
export function openSubject(provider: Provider, options: ProviderContractOptions): ContractSubject {
  const { question = SAMPLE_QUESTION, answers = SAMPLE_ANSWERS, callLimitMs = 5_000, abortLimitMs = 500 } = options;
  const isLocal = provider.capabilities?.local === true;
  const { rateLimitNext } = options;
  return {
    grader: 'grade' in provider ? provider : promptGrader(provider),
    isLocal,
    rateLimitNext,
    question,
    answers,
    callLimitMs,
    abortLimitMs,
  };
}

/** So many items with different answers, or as many as one call may carry. */
export function itemsFor({ question, answers }: ContractSubject, count: number): readonly GradingItem[] {
  return answers.slice(0, count).map((answer, index) => itemOf(question, answer, index));
}

/** An item with an id in the style of the engine's. */
export function itemOf(question: Question, answer: string, index = 0): GradingItem {
  return { id: `k${index}x7q2`, question, answer };
}

/** Starts a call that must end in time. */
export function startCall(
  { grader, callLimitMs }: ContractSubject,
  items: readonly GradingItem[],
  controller: AbortController = new AbortController(),
): ContractCall {
  const reports: CallReport[] = [];
  const call = {
    signal: controller.signal,
    attempt: 1,
    callId: `contract-${items.map(({ id }) => id).join('-')}`,
    report: (report: CallReport) => void reports.push(report),
  };
  // Async, because a provider may throw where it should reject.
  const grade = async (): Promise<readonly Verdict[]> => grader.grade(items, call);
  return {
    verdicts: within(grade(), callLimitMs, 'grade() did not settle'),
    reports,
  };
}
