import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';
import { canonicalText } from '../../json/canonical-text.js';
import { pickOptions } from '../../input/option-facts.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** Bumped when what a key holds changes, so that keys of different versions never meet. */
const KEY_VERSION = 2;

/**
 * Writes down everything of an answer and a run's options that decides its grade, but not who gave it: two answers with
 * the same key may share one grade. Options and questions are written down once, when the first key is asked for.
 */
export function createAnswerKey(
  options: ResolvedOptions,
  providers: readonly BoundProvider[],
): (answer: AnswerToGrade) => string {
  const questionKeys = new WeakMap<object, string>();
  let runKey: string | undefined;
  return ({ question, answer }) => {
    runKey ??= runKeyOf(options, providers);
    const known = questionKeys.get(question);
    const questionKey = known ?? canonicalText([question, question.context ?? options.context], instanceName);
    if (known === undefined) questionKeys.set(question, questionKey);
    // As JSON: a text never equals a list, and half a surrogate pair stays what it is.
    return `${runKey}\n${questionKey}\n${JSON.stringify(answer)}`;
  };
}

/** What Node, Bun and Deno hash with: at once, and several times as fast. */
interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(text: string): { digest(encoding: 'base64url'): string } };
}

/**
 * A key as stores take it: 47 characters of `A-Za-z0-9_-` that tell nothing of the answer. Where there is no Node, a
 * promise of it, which rejects where there is no WebCrypto either, as on web pages that did not come over HTTPS.
 */
export function hashAnswerKey(key: string): string | Promise<string> {
  nodeCrypto ??= findNodeCrypto() ?? null;
  return nodeCrypto === null
    ? hashOnTheWeb(key)
    : `gk1_${nodeCrypto.createHash('sha256').update(key).digest('base64url')}`;
}

let nodeCrypto: NodeCrypto | null | undefined;

/** Not imported: bundles for browsers and workers hold nothing of Node. */
function findNodeCrypto(): NodeCrypto | undefined {
  // Browsers have no such global.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): NodeCrypto | undefined } };
  try {
    return process?.getBuiltinModule?.('node:crypto');
  } catch {
    // The Edge runtime of Next has a `process` of which every part of Node's throws.
    return undefined;
  }
}

/** The same where there is only WebCrypto. */
export async function hashOnTheWeb(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `gk1_${base64.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}`;
}

function runKeyOf(options: ResolvedOptions, providers: readonly BoundProvider[]): string {
  return canonicalText(
    {
      version: KEY_VERSION,
      providers: providers.map(({ identity, prompt }) => [
        nameOf(identity),
        // A hook that no version names is known by itself alone, as a provider without a fingerprint is.
        prompt && { ...prompt, prompt: prompt.promptVersion === undefined ? nameOf(prompt.prompt) : undefined },
      ]),
      ...pickOptions('key', options),
      // The judges are among the providers.
      samples: options.samples && { ...options.samples, judges: options.samples.judges.length },
    },
    instanceName,
  );
}

const unnamed = new WeakMap<object, string>();

/** What is known by its fingerprint keeps it in every process; the rest is known as the one object that it is. */
function nameOf(identity: object | string | undefined): string | undefined {
  return typeof identity === 'object' || typeof identity === 'function'
    ? instanceName(identity)
    : identity && `fingerprint ${identity}`;
}

/** Something without a name of its own has one that no other object has, in this process or another. */
function instanceName(thing: object): string {
  const known = unnamed.get(thing) ?? `instance ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  unnamed.set(thing, known);
  return known;
}

/** What a run knew of its answers. */
interface RememberedAnswers {
  readonly answers: readonly AnswerToGrade[];
  readonly answerKey: (answer: AnswerToGrade) => string;
}

const remembered = new WeakMap<object, RememberedAnswers>();

/** Remembers what results are about for as long as they live, so that they need no keys while nobody asks for them. */
export function rememberAnswers(
  results: readonly (GradingResult | undefined)[],
  answers: readonly AnswerToGrade[],
  answerKey: RememberedAnswers['answerKey'],
): void {
  remembered.set(results, { answers, answerKey });
}

/** What one of the results of a run of this process is known by, before it is hashed. */
export function rememberedKey(results: object, position: number): string | undefined {
  const run = remembered.get(results);
  const answer = run?.answers[position];
  return answer && run?.answerKey(answer);
}
