import type { AnswerToGrade } from '../contract/question.js';
import { answerText } from '../grading/text/answer-text.js';

/** What an id tells of its request: Anthropic takes 64 letters, digits, `_` and `-`. */
export interface RequestId {
  /** Position of the answer. */
  index: number;
  /** The key of the answer in the prompt. */
  key: string;
  /** Of question and answer. */
  checksum: string;
}

const ID = /_([0-9a-z]+)_([0-9a-z]+)_([0-9a-z]+)$/;
const RADIX = 36;

/** Every row comes back with all that is needed to match it, so that nothing needs to be kept between the two. */
export function writeRequestId(runId: string, { index, key, checksum }: RequestId): string {
  return `${runId}_${index.toString(RADIX)}_${key}_${checksum}`;
}

/** `undefined` for an id that is none of this run. */
export function readRequestId(id: string, runId: string): RequestId | undefined {
  const [suffix = '', index = '', key = '', checksum = ''] = ID.exec(id) ?? [];
  if (suffix === '' || id !== `${runId}${suffix}`) return undefined;
  return { index: Number.parseInt(index, RADIX), key, checksum };
}

/** Tells answers that were mixed up between submitting and collecting: FNV-1a over question and answer. */
export function checksumOf({ question, answer }: AnswerToGrade): string {
  return fnv1a(answerText(question, answer), fnv1a(question.prompt, 0x811c9dc5)).toString(RADIX);
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
