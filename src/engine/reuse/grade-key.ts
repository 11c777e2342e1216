import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingResult } from '../../contract/result.js';
import { canonicalText } from '../../json/canonical-text.js';
import { pickOptions } from '../../input/option-facts.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { BoundProvider } from '../providers/bound-provider.js';

/** Version of what a key holds. A change bumps it, so that keys of different versions never meet. */
const KEY_VERSION = 2;

/**
 * Fingerprint: a function that writes down everything of an answer and a run's options that decides its grade, but not
 * who gave the answer. Two answers with the same key may share one grade. Options and questions are written down once,
 * when the first key is asked for.
 */
export function gradeKeyFor(
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

/** The part of Node's crypto that Node, Bun and Deno hash with: synchronous, and several times as fast as WebCrypto. */
interface NodeCrypto {
  createHash(algorithm: 'sha256'): { update(text: string): { digest(encoding: 'base64url'): string } };
}

/**
 * A key as stores take it: 47 characters of `A-Za-z0-9_-` that tell nothing of the answer. Where there is no Node, a
 * promise of it, which rejects where there is no WebCrypto either, as on web pages that did not come over HTTPS.
 */
export function hashGradeKey(key: string): string | Promise<string> {
  nodeCrypto ??= findNodeCrypto() ?? null;
  return nodeCrypto === null
    ? hashOnTheWeb(key)
    : `gk1_${nodeCrypto.createHash('sha256').update(key).digest('base64url')}`;
}

/** Node's crypto, looked for once: `undefined` before that, `null` where there is none. */
let nodeCrypto: NodeCrypto | null | undefined;

/** Feature detection without an import, so that bundles for browsers and workers hold nothing of Node. */
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

/** Hash of a key by WebCrypto, equal to that of Node's crypto. */
export async function hashOnTheWeb(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `gk1_${base64.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}`;
}

/** The run's part of a key: its providers, and the options that decide grades. */
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

/**
 * Name of a provider or hook in keys. A fingerprint names it alike in every process; without one, it is known as the
 * one object that it is.
 */
function nameOf(identity: object | string | undefined): string | undefined {
  return typeof identity === 'object' || typeof identity === 'function'
    ? instanceName(identity)
    : identity && `fingerprint ${identity}`;
}

/**
 * Random name of an object that has none of its own: no other object has it, in this process or another, so its grades
 * are never taken for those of another.
 */
function instanceName(thing: object): string {
  const known = unnamed.get(thing) ?? `instance ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
  unnamed.set(thing, known);
  return known;
}

/** The answers of a run and their key function, by which keys can be made later. */
interface RememberedAnswers {
  readonly answers: readonly AnswerToGrade[];
  readonly gradeKey: (answer: AnswerToGrade) => string;
}

/**
 * The answers that results are about, as long as the results live. Held weakly, so that a report costs no memory after
 * its use.
 */
const remembered = new WeakMap<object, RememberedAnswers>();

/**
 * Remembers the answers that results are about, so that these need no keys while nobody asks for them (lazy
 * evaluation).
 */
export function rememberAnswers(
  results: readonly (GradingResult | undefined)[],
  answers: readonly AnswerToGrade[],
  gradeKey: RememberedAnswers['gradeKey'],
): void {
  remembered.set(results, { answers, gradeKey });
}

/** Key of one of the results of a run of this process, before it is hashed; `undefined` for results of another. */
export function rememberedKey(results: object, position: number): string | undefined {
  const run = remembered.get(results);
  const answer = run?.answers[position];
  return answer && run?.gradeKey(answer);
}
