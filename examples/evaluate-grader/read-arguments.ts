import { parseArgs } from 'node:util';
import type { ProviderChoice } from '../grade-deck/choose-provider.ts';
import { checkBaseUrl, oneOf, wholeNumber } from '../grade-deck/read-arguments.ts';
import { UsageError } from '../grade-deck/usage-error.ts';

/** What the command line asked for. */
export interface EvaluateOptions extends ProviderChoice {
  /** Path of the marked answers. */
  file: string;
  /** Path of the report. */
  out: string;
  /** Path to keep the evaluation at, as JSON. */
  save: string | undefined;
  /** Path of an evaluation that was kept, to compare this one with. */
  compareWith: string | undefined;
  /** Only the first so many answers. */
  limit: number | undefined;
  maxConcurrentTasks: number | undefined;
}

/** Text of `--help`. */
export const usage: string = `Evaluates a grader: npm run evaluate -- [FILE.jsonl] [options]

FILE has one answer a line, as JSON: question, answer, score (a person's mark,
0 to 1), and if there are: id, questionId, referenceAnswer or referenceAnswers,
secondScore (another person's mark). Without FILE, a small set of the examples.

Without options the offline grader does it: no network, no cost. An API key in
the environment alone changes nothing; only --provider does.

  --out FILE              the report, default evaluation.html
  --save FILE             keep the evaluation as JSON ...
  --compare-with FILE     ... and print, as markdown, what changed since
  --limit N               only the first N answers
  --provider NAME         offline (default), anthropic or openai
  --model NAME            default claude-haiku-5-5 or gpt-6-luna
  --base-url URL          with --provider openai and --model: a compatible
                          server, e.g. http://localhost:11434/v1
  --key-variable NAME     environment variable with the key; default
                          ANTHROPIC_API_KEY or OPENAI_API_KEY, and none for
                          --base-url, so that no key goes to a foreign server
  --concurrency N         calls at once, 1 to 10, default 5
  --help                  this text`;

const ownAnswers = 'examples/evaluate-grader/marked-answers.jsonl';

/**
 * Reads the command line.
 *
 * @throws {UsageError} saying what is wrong with it.
 */
export function readArguments(words: readonly string[]): EvaluateOptions | 'help' {
  const { values, positionals } = parse(words);
  if (values.help === true) return 'help';
  const [file = ownAnswers, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one file at a time: received ${positionals.length}`);
  const options: EvaluateOptions = {
    file,
    out: values.out ?? 'evaluation.html',
    save: values.save,
    compareWith: values['compare-with'],
    limit: wholeNumber('--limit', values.limit),
    provider: oneOf('--provider', values.provider ?? 'offline', ['offline', 'anthropic', 'openai']),
    model: values.model,
    baseUrl: values['base-url'],
    keyVariable: values['key-variable'],
    maxConcurrentTasks: wholeNumber('--concurrency', values.concurrency),
  };
  checkBaseUrl(options);
  return options;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        save: { type: 'string' },
        'compare-with': { type: 'string' },
        limit: { type: 'string' },
        provider: { type: 'string' },
        model: { type: 'string' },
        'base-url': { type: 'string' },
        'key-variable': { type: 'string' },
        concurrency: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
