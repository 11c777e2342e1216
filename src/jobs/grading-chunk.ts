import { createHash } from 'node:crypto';
import type { AnswerToGrade, Question } from '../contract/question.js';
import { countOf, objectOf, textOf } from '../json/untyped-json.js';

/** The answers of one job, and where they belong. */
export interface GradingChunk {
  readonly runId: string;
  /** Position of the first answer in the run. */
  readonly first: number;
  readonly priority: 'interactive' | 'background';
  readonly answers: readonly AnswerToGrade[];
}

/** Which of the jobs of a chunk: it has another one after every resume of the run, and after every hand-back by a worker. */
export interface ChunkVersion {
  readonly round: number;
  readonly turn: number;
}

/** What the engine keeps of a chunk. The body is a text: `jsonb` refuses NUL and half a surrogate, which learners send. */
export interface ChunkData extends ChunkVersion {
  readonly runId: string;
  readonly first: number;
  readonly count: number;
  readonly priority: string;
  readonly body: string;
}

/** A chunk as a job's data: every question is written once. */
export function packChunk({ runId, first, priority, answers }: GradingChunk, round = 0): ChunkData {
  const questions = new Map<Question, number>();
  const packed = answers.map(({ question, ...rest }) => {
    const position = questions.get(question) ?? questions.size;
    questions.set(question, position);
    return { ...rest, question: position };
  });
  const body = JSON.stringify({ questions: [...questions.keys()], answers: packed });
  return { runId, first, count: answers.length, priority, round, turn: 0, body };
}

/** The chunk of a job's data, or `undefined` for data that {@link packChunk} did not write. */
export function unpackChunk(data: unknown): GradingChunk | undefined {
  const place = placeOfChunk(data);
  const body = textOf(objectOf(data)['body']);
  if (place === undefined || body === undefined) return undefined;
  // The engine checks every answer again before it makes a call.
  const { questions, answers } = JSON.parse(body) as {
    questions: readonly Question[];
    answers: readonly (Omit<AnswerToGrade, 'question'> & { question: number })[];
  };
  const whole = answers.flatMap(({ question: position, ...rest }) => {
    const question = questions[position];
    return question === undefined ? [] : [{ ...rest, question }];
  });
  const priority = objectOf(data)['priority'] === 'interactive' ? 'interactive' : 'background';
  return { runId: place.runId, first: place.first, priority, answers: whole };
}

/** Where a job's answers belong. */
export interface ChunkPlace extends ChunkVersion {
  readonly runId: string;
  readonly first: number;
  readonly count: number;
}

/** Which answers of which run a job is about. */
export function placeOfChunk(data: unknown): ChunkPlace | undefined {
  const { runId, first, count, round, turn } = objectOf(data);
  const [place, position, size] = [textOf(runId), countOf(first), countOf(count)];
  if (place === undefined || position === undefined || size === undefined) return undefined;
  return { runId: place, first: position, count: size, round: countOf(round) ?? 0, turn: countOf(turn) ?? 0 };
}

const FIRST_VERSION: ChunkVersion = { round: 0, turn: 0 };

/**
 * Makes the idempotency key of a chunk: a UUID, the same for the same queue, run and position in every process.
 *
 * @example
 * ```ts
 * import { chunkId, type GradingChunk } from 'gradelanes/jobs';
 *
 * const jobId = (chunk: GradingChunk): string => chunkId('grading', chunk.runId, chunk.first);
 * ```
 */
export function chunkId(queue: string, runId: string, first: number, version: ChunkVersion = FIRST_VERSION): string {
  const isFirst = version.round === 0 && version.turn === 0;
  const hex = createHash('sha256')
    .update(JSON.stringify(isFirst ? [queue, runId, first] : [queue, runId, first, version.round, version.turn]))
    .digest('hex');
  // Version 8: a UUID of the application's own making.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
