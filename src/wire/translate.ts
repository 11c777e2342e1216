// The JSON of the review routes: snake_case on the wire, camelCase in TypeScript, and nothing for teachers' eyes. This is
// the only place where one becomes the other. No zod: browsers load it.
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { AnswerPart, GradingResult } from '../contract/result.js';
import { isJsonObject } from '../json/untyped-json.js';
import type {
  ReviewCall,
  ReviewedAnswer,
  ReviewedCriterion,
  ShownOfFailure,
  ShownOfGrade,
  WireCallEvent,
  WireMetrics,
  WireResult,
} from './review-wire.js';

const SHOWN_OF_FAILURE: Readonly<Record<ShownOfFailure, true>> = {
  mode: true,
  attempts: true,
  durationMs: true,
  queuedMs: true,
};

// Not spread from one into the other: bundlers would keep both for clients, which use neither.
const SHOWN_OF_GRADE: Readonly<Record<ShownOfGrade, true>> = {
  isCorrect: true,
  scoreGiven: true,
  scoreMaximum: true,
  scaledScore: true,
  feedback: true,
  suggestedRating: true,
  gradedBy: true,
  fromCache: true,
  needsReview: true,
  provider: true,
  model: true,
  mode: true,
  attempts: true,
  durationMs: true,
  queuedMs: true,
};

const SHOWN_OF_CRITERION: Readonly<Record<keyof ReviewedCriterion, true>> = {
  id: true,
  scoreGiven: true,
  scoreMaximum: true,
  evidence: true,
};

const SHOWN_OF_PART: Readonly<Record<keyof AnswerPart, true>> = {
  index: true,
  isCorrect: true,
  scoreGiven: true,
  scoreMaximum: true,
};

/** Points that people are shown rounded; what is stored stays exact. */
const ROUNDED: ReadonlySet<string> = new Set(['scoreGiven', 'scoreMaximum']);

/**
 * A result as it goes out.
 *
 * @param result Its `error.message` is shown as it is.
 * @param questionIndex Position of the question in the card, from 0.
 */
export function toWireResult(result: GradingResult, questionIndex: number): WireResult {
  const reference = {
    questionIndex,
    questionId: result.questionId ?? String(questionIndex + 1),
    status: result.status,
  };
  if (result.status === 'failed') {
    const { code, message, retryable, retryAt } = result.error;
    const error = { code, message, retryable, ...(retryAt !== undefined && { retryAt }) };
    const failed = { ...reference, isCorrect: null, ...shown(result, SHOWN_OF_FAILURE), error };
    // The names in snake_case are what the type says.
    return snakeCased(failed) as WireResult;
  }
  const criteria = result.criteria?.map((each) => shown(each, SHOWN_OF_CRITERION));
  const parts = result.parts?.map((each) => shown(each, SHOWN_OF_PART));
  const graded = {
    ...reference,
    ...shown(result, SHOWN_OF_GRADE),
    ...(criteria !== undefined && { criteria }),
    ...(parts !== undefined && { parts }),
  };
  // The names in snake_case are what the type says.
  return snakeCased(graded) as WireResult;
}

/** A result as it came in, with what is null left out. */
export function fromWireResult(result: WireResult): ReviewedAnswer {
  // The names in camelCase are what the type says; a failed answer loses its `is_correct`, which is null.
  return camelCased(result) as ReviewedAnswer;
}

/** A call as it goes out. */
export function toWireCallEvent(call: ReviewCall): WireCallEvent {
  // The names in snake_case are what the type says.
  return snakeCased(call) as WireCallEvent;
}

/** A call as it came in. */
export function fromWireCallEvent(call: WireCallEvent): ReviewCall {
  // The names in camelCase are what the type says.
  return camelCased(call) as ReviewCall;
}

/** The metrics as they go out. */
export function toWireMetrics(metrics: ParallelProcessingMetrics): WireMetrics {
  // The names in snake_case are what the type says.
  return snakeCased(metrics) as WireMetrics;
}

/** The metrics as they came in; names that are in camelCase already stay so. */
export function fromWireMetrics(metrics: WireMetrics | ParallelProcessingMetrics): ParallelProcessingMetrics {
  // The names in camelCase are what the type says.
  return camelCased(metrics) as ParallelProcessingMetrics;
}

function shown(source: object, names: Readonly<Record<string, true>>): object {
  const entries = Object.entries(source).filter(([name, value]) => name in names && value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, ROUNDED.has(name) ? toHundredths(value) : value]));
}

function toHundredths(points: unknown): unknown {
  return typeof points === 'number' ? Math.round(points * 100) / 100 : points;
}

/** Names in snake_case, null for undefined. */
function snakeCased(value: unknown): unknown {
  return renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), null);
}

/** Names in camelCase, nothing for null. */
function camelCased(value: unknown): unknown {
  return renamed(value, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), undefined);
}

function renamed(value: unknown, rename: (name: string) => string, nothing: null | undefined): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename, nothing));
  if (!isJsonObject(value)) return value ?? nothing;
  const entries = Object.entries(value).map(([name, each]) => [rename(name), renamed(each, rename, nothing)]);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}
