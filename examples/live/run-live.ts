import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { basename } from 'node:path';
import type { Provider, Question } from 'gradelanes';
import { evaluateGrader, type MarkedAnswer } from 'gradelanes/evaluate';
import { offlineProvider } from 'gradelanes/offline';
import { openaiProvider } from 'gradelanes/openai';
import { seededRandom } from 'gradelanes/testing';
import { deck } from '../deck.ts';
import { readMarkedAnswers } from '../evaluate-grader/read-marked-answers.ts';
import { localModel } from '../local-model.ts';
import { UsageError } from '../grade-deck/usage-error.ts';
import { liveAnswers } from './answers.ts';
import type { LiveOptions } from './read-arguments.ts';
import { renderHtml, renderMarkdown, type LiveAgreement, type LiveReport } from './render-live-report.ts';
import { tryModel, type LiveRow } from './try-model.ts';

type OutputMode = LiveOptions['modes'][number];

/** A real model in each of its output modes. */
export interface LiveTarget {
  model: string;
  providerIn: (mode: OutputMode) => Promise<Provider>;
  /** Output modes that differ for it. */
  modes: readonly OutputMode[];
  close: () => Promise<void>;
}

/** Runs everything and tells what it saw; the report is also written where `out` says. */
export async function runLive(
  options: LiveOptions,
  target: LiveTarget,
  tell: (line: string) => void,
): Promise<LiveReport> {
  const answers = liveAnswers(options.answers);
  const { concurrency } = options;
  const rows: LiveRow[] = [];
  for (const mode of target.modes) {
    const provider = await target.providerIn(mode);
    rows.push(await tryModel({ name: `one answer a call, ${mode}`, provider, answers, concurrency, mode: 'parallel' }));
    tell(`${rows.at(-1)?.name}: ${rows.at(-1)?.graded} of ${answers.length} graded`);
  }
  const [firstMode = 'prompt'] = target.modes;
  const provider = await target.providerIn(firstMode);
  if (provider.capabilities?.maxItemsPerCall !== 1) {
    rows.push(
      await tryModel({ name: `six answers a call, ${firstMode}`, provider, answers, concurrency, mode: 'batch' }),
    );
    tell(`${rows.at(-1)?.name}: ${rows.at(-1)?.graded} of ${answers.length} graded`);
  }
  const marked = options.data === undefined ? deckAsMarked() : await readMarkedAnswers(options.data, options.limit);
  const agreement = [
    await agreementOf(target.model, provider, marked, concurrency),
    await agreementOf('offline grader', offlineProvider(), marked, concurrency),
    await agreementOf('chance', chance(), marked, concurrency),
  ];
  const report = { model: target.model, machine: machine(), rows, agreement };
  for (const path of options.out)
    await writeFile(path, path.endsWith('.md') ? renderMarkdown(report) : renderHtml(report));
  return report;
}

/**
 * The model that the command line names. Its SDK or llama.cpp is loaded only now.
 *
 * @throws {UsageError} when the key that it needs is not there.
 */
export async function openTarget({ target, threads, contextSize, modes }: LiveOptions): Promise<LiveTarget> {
  if (target.kind === 'gguf') return openFile(target.file, { threads, contextSize }, modes);
  const { default: OpenAI } = await import('openai');
  const { baseUrl, model, keyVariable } = target;
  const apiKey = keyVariable === undefined ? 'none' : process.env[keyVariable];
  if (apiKey === undefined) throw new UsageError(`the environment variable ${keyVariable} must hold an API key`);
  const client = new OpenAI({ apiKey, baseURL: baseUrl });
  const providerIn = async (outputMode: OutputMode): Promise<Provider> => openaiProvider(client, { model, outputMode });
  return { model: `${model} at ${new URL(baseUrl).host}`, providerIn, modes, close: async () => {} };
}

/** llama.cpp either follows a grammar or writes what it likes; one model is loaded at a time. */
async function openFile(
  file: string,
  { threads, contextSize }: Pick<LiveOptions, 'threads' | 'contextSize'>,
  modes: readonly OutputMode[],
): Promise<LiveTarget> {
  const settings = { ...(threads !== undefined && { threads }), ...(contextSize !== undefined && { contextSize }) };
  let held: { mode: OutputMode; model: Awaited<ReturnType<typeof localModel>> } | undefined;
  const close = async (): Promise<void> => {
    await held?.model.close();
    held = undefined;
  };
  const providerIn = async (mode: OutputMode): Promise<Provider> => {
    if (held?.mode === mode) return held.model;
    await close();
    const model = await localModel(file, { ...settings, enforcesSchema: mode === 'json_schema' });
    held = { mode, model };
    return model;
  };
  return { model: basename(file), providerIn, modes: modes.filter((mode) => mode !== 'json_object'), close };
}

async function agreementOf(
  name: string,
  provider: Provider,
  marked: readonly MarkedAnswer[],
  maxConcurrentTasks: number,
): Promise<LiveAgreement> {
  const grading = { localGrading: false, maxConcurrentTasks, attemptTimeoutMs: 300_000 };
  const evaluation = await evaluateGrader(provider, marked, { grading });
  const { gradedCount, accuracy, quadraticWeightedKappa } = { ...evaluation, ...evaluation.agreement };
  return {
    name,
    answers: marked.length,
    graded: gradedCount,
    accuracy: accuracy.value,
    quadraticWeightedKappa: quadraticWeightedKappa.value,
  };
}

/** Marks by chance: what agreement there is without looking. */
function chance(): Provider {
  const random = seededRandom(1);
  return {
    name: 'chance',
    grade: async (items) => items.map(({ id }) => ({ id, score: Math.round(random() * 5) / 5 })),
  };
}

function deckAsMarked(): readonly MarkedAnswer[] {
  return deck.map(({ question, answer, teacherMarks }) => ({
    question,
    answer,
    humanScores: [teacherMarks / maximumOf(question)],
  }));
}

function maximumOf({ scoreMaximum, rubric }: Question): number {
  return scoreMaximum ?? rubric?.criteria.reduce((sum, { points = 1 }) => sum + Math.max(0, points), 0) ?? 1;
}

function machine(): string {
  const [cpu] = cpus();
  const memory = `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB resident at the end`;
  return `${cpu?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}, ${memory}`;
}
