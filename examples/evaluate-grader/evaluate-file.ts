import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  compareRuns,
  evaluateGrader,
  type Figure,
  type GraderEvaluation,
  toHtml,
  toMarkdown,
} from 'gradelanes/evaluate';
import { UsageError } from '../grade-deck/usage-error.ts';
import { chooseProvider } from '../grade-deck/choose-provider.ts';
import type { EvaluateOptions } from './read-arguments.ts';
import { readMarkedAnswers } from './read-marked-answers.ts';

/** Grades the answers of the file, prints the main figures and writes the report. */
export async function evaluateFile(options: EvaluateOptions): Promise<void> {
  const provider = await chooseProvider(options, process.env);
  const dataset = await readMarkedAnswers(options.file, options.limit);
  console.log(`${dataset.length} answers of ${basename(options.file)}, graded by ${graderName(options)}`);
  const evaluation = await evaluateGrader(provider, dataset, {
    grading: { maxConcurrentTasks: options.maxConcurrentTasks },
    worstCount: 8,
  });
  const about = { grader: graderName(options), dataset: basename(options.file), answers: dataset };
  await writeFile(options.out, toHtml(evaluation, about));
  console.log(summaryOf(evaluation));
  if (options.save !== undefined) await writeFile(options.save, JSON.stringify(evaluation));
  if (options.compareWith !== undefined) {
    const before = await readEvaluation(options.compareWith);
    console.log(`\n${toMarkdown(compareRuns(before, evaluation), { title: 'Beside the run before' })}`);
  }
  console.log(`\nThe report: ${pathToFileURL(options.out).href}`);
}

async function readEvaluation(path: string): Promise<GraderEvaluation> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as GraderEvaluation;
  } catch (error) {
    throw new UsageError(`cannot read ${path}: --save writes such a file`, { cause: error });
  }
}

function graderName({ provider, model, baseUrl }: EvaluateOptions): string {
  if (provider === 'offline') return 'the offline grader';
  return [provider, model, baseUrl].filter((part) => part !== undefined).join(' ');
}

function summaryOf({ agreement, besideHumans, failedCount, needsReviewCount, answerCount }: GraderEvaluation): string {
  const rows = [
    ['Weighted kappa', figureText(agreement.quadraticWeightedKappa)],
    ['Pearson', figureText(agreement.pearson)],
    ['Same verdict', figureText(agreement.accuracy)],
    ['Macro-F1', figureText(agreement.macroF1)],
    ...(besideHumans === undefined ? [] : [['Two people', figureText(besideHumans.humans.quadraticWeightedKappa)]]),
    ['Not graded', `${failedCount} of ${answerCount}`],
    ['To review', `${needsReviewCount} of ${answerCount}`],
  ];
  return rows.map(([label = '', text = '']) => `  ${label.padEnd(16)}${text}`).join('\n');
}

function figureText({ value, interval }: Figure): string {
  if (value === undefined) return 'not defined by these answers';
  const range = interval && ` (${interval.lower.toFixed(2)} to ${interval.upper.toFixed(2)})`;
  return `${value.toFixed(2)}${range ?? ''}`;
}
