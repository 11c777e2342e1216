import { GradingOptionsError } from '../contract/errors.js';
import { nearestOption, normalForm } from './nearest-name.js';

/** Fields under these paths may hold learner text or teacher material: only their size is told. */
const PRIVATE_FIELD = /^(?:answers|question|context|instructions|resumeFrom)\b/;

/** A number that came as a text is the mistake itself, and no learner's words. */
const NUMBER_AS_TEXT = /^[-+\d.,%eE ]{1,16}$/;

/**
 * The longest text shown as received: keys of vendors have 20 characters and more, and one that was put into the wrong
 * option must not reach a log.
 */
const MAX_SHOWN_CHARACTERS = 16;

/** Where a provider is wanted, people hand over its parts. */
const PROVIDER_FIELD = /^(?:provider|samples\.judges)\b/;

/** With so many options or fewer, all are named to whoever gives another. */
const FEW_OPTIONS = 12;

const SAMPLING =
  'models that think refuse sampling parameters; where an adapter has one, it is an option of the adapter';
const OF_CLIENT = 'it belongs to the client';

/** Options that are spelt right and still are none, by normal form: why, and what to do instead. */
const REASONS: Readonly<Record<string, string>> = {
  temperature: SAMPLING,
  topp: SAMPLING,
  topk: SAMPLING,
  seed: SAMPLING,
  maxtokens: 'the room for verdicts is computed for each call; reasoningTokens is added to it',
  maxoutputtokens: 'the room for verdicts is computed for each call; reasoningTokens is added to it',
  maxcompletiontokens: 'the room for verdicts is computed for each call; reasoningTokens is added to it',
  apikey: OF_CLIENT,
  baseurl: OF_CLIENT,
  headers: OF_CLIENT,
  organization: OF_CLIENT,
  stream: 'replies are read whole; gradeAnswersStream() hands out results as they come',
};

/** An option that does not exist, with the one that was meant. Of its value only numbers and switches are told. */
export function unknownOption(
  field: string,
  name: string,
  known: readonly string[],
  value: unknown,
): GradingOptionsError {
  const received = typeof value === 'string' ? `a text of ${value.length} characters` : describe(value, field);
  return new GradingOptionsError(field, `is not an option${hintFor(name, known)}`, received);
}

function hintFor(name: string, known: readonly string[]): string {
  const near = nearestOption(name, known);
  if (near !== undefined) return ` (did you mean ${near}?)`;
  const form = normalForm(name.slice(0, FEW_OPTIONS * 2));
  if (Object.hasOwn(REASONS, form)) return `: ${REASONS[form]}`;
  return known.length > 0 && known.length <= FEW_OPTIONS ? `; there are ${known.join(', ')}` : '';
}

/** What was received, without the content of private texts or what may be a secret. */
export function describe(value: unknown, field: string): string {
  if (typeof value === 'string') {
    return isShown(value, field) ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  if (value instanceof Promise) return 'a Promise: await it';
  if (PROVIDER_FIELD.test(field)) return describeProvider(value);
  return describeKind(value);
}

function describeKind(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}

function isShown(text: string, field: string): boolean {
  if (text.length > MAX_SHOWN_CHARACTERS) return false;
  return !PRIVATE_FIELD.test(field) || (/\.numeric\.\w+$/.test(field) && NUMBER_AS_TEXT.test(text));
}

/** What stands where a provider should, and what to do with it. */
function describeProvider(value: unknown): string {
  if (typeof value === 'function') return 'a function: call it, as in offlineProvider()';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : describeProviders(value);
  if (hasMethod(value, 'messages', 'create')) return 'an Anthropic client: pass anthropicProvider(client, { model })';
  if (hasMethod(value, 'responses', 'create') || hasMethod(value, 'chat', 'completions', 'create')) {
    return 'an OpenAI client: pass openaiProvider(client, { model })';
  }
  return hasMethod(value, 'doGenerate') ? 'a model of the AI SDK: pass aiSdkProvider(model)' : describeKind(value);
}

function describeProviders(list: readonly unknown[]): string {
  const position = list.findIndex((each) => !(hasMethod(each, 'grade') || hasMethod(each, 'generate')));
  return `a list whose item ${position} is ${describeProvider(list[position])}`;
}

function hasMethod(owner: unknown, ...path: readonly string[]): boolean {
  const found = path.reduce<unknown>(
    (part, name) => (typeof part === 'object' && part !== null ? Reflect.get(part, name) : undefined),
    owner,
  );
  return typeof found === 'function';
}
