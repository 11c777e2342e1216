import { ProviderError } from '../../contract/errors.js';
import type { CallContext, GradingItem, Verdict } from '../../contract/provider.js';
import { openScript, type Script, type ScriptReader } from './script.js';

type WithoutId<Each> = Each extends unknown ? Omit<Each, 'id'> : never;

/** What a scripted answer gets: a score 0..1 (`true` is 1, `false` 0), a verdict, or an error for the whole call. */
export type ScriptedVerdict = number | boolean | Error | WithoutId<Verdict>;

/**
 * One value for every answer; a list or (async) generator with one value per answer asked, in order; or a function. An
 * error fails the call at once and leaves the rest of a list to the calls after it.
 */
export type VerdictScript = Script<ScriptedVerdict, [item: GradingItem, call: CallContext]>;

/** A script per question, found by the question's `id` or else by its `prompt`. */
export interface QuestionScripts {
  byQuestion: Readonly<Record<string, VerdictScript>>;
  /** For all other questions. @default none: the call fails */
  otherwise?: VerdictScript | undefined;
}

type VerdictReader = ScriptReader<ScriptedVerdict, [GradingItem, CallContext]>;

/** Opens a script of verdicts; the function returned reads those of one call. */
export function openVerdictScript(
  script: VerdictScript | QuestionScripts,
  repeatLast: boolean,
): (items: readonly GradingItem[], call: CallContext) => Promise<readonly Verdict[]> {
  const read = isPerQuestion(script) ? openPerQuestion(script, repeatLast) : open(script, repeatLast);
  return async (items, call) => {
    let hasFailed = false;
    const readOne = async (item: GradingItem): Promise<Verdict | undefined> => {
      if (hasFailed) return undefined;
      const value = read(item, call);
      hasFailed = value instanceof Error;
      return toVerdict(item, await value);
    };
    // If one is undefined, another one has thrown.
    const verdicts = await Promise.all(items.map(readOne));
    return verdicts.filter((verdict) => verdict !== undefined);
  };
}

function isPerQuestion(script: VerdictScript | QuestionScripts): script is QuestionScripts {
  return typeof script === 'object' && 'byQuestion' in script;
}

function open(script: VerdictScript, repeatLast: boolean): VerdictReader {
  return openScript(script, { repeatLast, describe: describeQuestion });
}

function openPerQuestion({ byQuestion, otherwise }: QuestionScripts, repeatLast: boolean): VerdictReader {
  const readers = new Map(Object.entries(byQuestion).map(([key, script]) => [key, open(script, repeatLast)]));
  const readOther = otherwise === undefined ? undefined : open(otherwise, repeatLast);
  return (item, call) => {
    const read = readers.get(item.question.id ?? '') ?? readers.get(item.question.prompt) ?? readOther;
    if (read !== undefined) return read(item, call);
    throw new ProviderError(
      'invalid_request',
      `the script has nothing for ${describeQuestion(item)}, only for ${[...readers.keys()].join(', ')}: add otherwise`,
    );
  };
}

function describeQuestion({ question }: GradingItem): string {
  return `question ${JSON.stringify(question.id ?? question.prompt.slice(0, 60))}`;
}

function toVerdict(item: GradingItem, value: ScriptedVerdict | undefined): Verdict {
  if (value instanceof Error) throw value;
  if (typeof value === 'object') return { ...value, id: item.id };
  if (value !== undefined) return { id: item.id, score: Number(value) };
  throw new ProviderError('invalid_request', `the script returned nothing for ${describeQuestion(item)}`);
}
