import type { CallContext, GradingItem, Verdict } from '../../contract/provider.js';
import { openScript, type Script, type ScriptReader, type ScriptReading } from './script.js';

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

/** How scripts of verdicts are read. */
export type VerdictReading = Pick<ScriptReading<[GradingItem, CallContext]>, 'repeatLast' | 'misuse'>;

/** A script of verdicts in use. */
export interface OpenVerdictScript {
  /** The verdicts of one call. */
  read: (items: readonly GradingItem[], call: CallContext) => Promise<readonly Verdict[]>;
  /** What was never asked for, in words. */
  leftOver: () => readonly string[];
}

/** Opens a script of verdicts. */
export function openVerdictScript(script: VerdictScript | QuestionScripts, reading: VerdictReading): OpenVerdictScript {
  const { read: readItem, leftOver } = isPerQuestion(script)
    ? openPerQuestion(script, reading)
    : openForAll(script, reading);
  const read = async (items: readonly GradingItem[], call: CallContext): Promise<readonly Verdict[]> => {
    let hasFailed = false;
    const readOne = async (item: GradingItem): Promise<Verdict | undefined> => {
      if (hasFailed) return undefined;
      const value = readItem(item, call);
      hasFailed = value instanceof Error;
      return toVerdict(item, await value, reading);
    };
    // If one is undefined, another one has thrown.
    const verdicts = await Promise.all(items.map(readOne));
    return verdicts.filter((verdict) => verdict !== undefined);
  };
  return { read, leftOver };
}

function isPerQuestion(script: VerdictScript | QuestionScripts): script is QuestionScripts {
  return typeof script === 'object' && 'byQuestion' in script;
}

function open(script: VerdictScript, reading: VerdictReading): VerdictReader {
  return openScript(script, { ...reading, describe: describeQuestion });
}

interface Opened {
  read: VerdictReader['read'];
  leftOver: OpenVerdictScript['leftOver'];
}

function openForAll(script: VerdictScript, reading: VerdictReading): Opened {
  const reader = open(script, reading);
  return { read: reader.read, leftOver: () => leftIn(reader, 'the script') };
}

function openPerQuestion({ byQuestion, otherwise }: QuestionScripts, reading: VerdictReading): Opened {
  const readers = new Map(Object.entries(byQuestion).map(([key, script]) => [key, open(script, reading)]));
  const other = otherwise === undefined ? undefined : open(otherwise, reading);
  const known = [...readers.keys()].map((key) => JSON.stringify(key)).join(', ');
  const unasked = new Set(readers.keys());
  const asked = new Set<string>();
  const read = (item: GradingItem, call: CallContext): ReturnType<VerdictReader['read']> => {
    const { id, prompt } = item.question;
    const key = id !== undefined && readers.has(id) ? id : prompt;
    unasked.delete(key);
    asked.add(nameOf(item));
    const reader = readers.get(key) ?? other;
    if (reader !== undefined) return reader.read(item, call);
    throw reading.misuse(`the script has nothing for ${describeQuestion(item)}, only for ${known}: add otherwise`);
  };
  const leftOver = (): string[] => [
    ...[...unasked].map(
      (key) =>
        `byQuestion has ${JSON.stringify(key)}, which nobody asked about: asked were ${[...asked].join(', ') || 'none'}`,
    ),
    ...[...readers].flatMap(([key, reader]) =>
      unasked.has(key) ? [] : leftIn(reader, `byQuestion ${JSON.stringify(key)}`),
    ),
    ...(other === undefined ? [] : leftIn(other, 'otherwise')),
  ];
  return { read, leftOver };
}

function leftIn(reader: VerdictReader, place: string): string[] {
  const left = reader.left();
  return left === 0 ? [] : [`${left} value(s) of ${place} were not asked for`];
}

function nameOf({ question }: GradingItem): string {
  return JSON.stringify(question.id ?? question.prompt.slice(0, 60));
}

function describeQuestion(item: GradingItem): string {
  return `question ${nameOf(item)}`;
}

function toVerdict(item: GradingItem, value: ScriptedVerdict | undefined, { misuse }: VerdictReading): Verdict {
  if (value instanceof Error) throw value;
  if (typeof value === 'object') return { ...value, id: item.id };
  if (value !== undefined) return { id: item.id, score: Number(value) };
  throw misuse(`the script returned nothing for ${describeQuestion(item)}`);
}
