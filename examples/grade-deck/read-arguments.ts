import { parseArgs } from 'node:util';
import type { ProcessingModeRequest } from 'gradelanes';
import { deck } from '../deck.ts';
import type { ProviderChoice } from './choose-provider.ts';
import { UsageError } from './usage-error.ts';

/** What the command line asked for. */
export interface DemoOptions extends ProviderChoice {
  mode: ProcessingModeRequest;
  maxConcurrentTasks: number | undefined;
  simulatedLatencyMs: number | undefined;
}

/** Text of `--help`. */
export const usage: string = `Grades a deck of ${deck.length} answers: npm run demo -- [options]

Without options the offline grader does it: no network, no cost. An API key in
the environment alone changes nothing; only --provider does.

  --provider NAME         offline (default), anthropic or openai
  --model NAME            default claude-haiku-5-5 or gpt-6-luna
  --base-url URL          with --provider openai and --model: a compatible
                          server, e.g. http://localhost:11434/v1
  --key-variable NAME     environment variable with the key; default
                          ANTHROPIC_API_KEY or OPENAI_API_KEY, and none for
                          --base-url, so that no key goes to a foreign server
  --mode MODE             auto (default), parallel, batch or sequential
  --concurrency N         calls at once, 1 to 10, default 5
  --simulate-latency MS   offline, as if every call took MS milliseconds
  --help                  this text`;

/**
 * Reads the command line.
 *
 * @throws {UsageError} saying what is wrong with it.
 */
export function readArguments(words: readonly string[]): DemoOptions | 'help' {
  const values = parse(words);
  if (values.help === true) return 'help';
  const options: DemoOptions = {
    provider: oneOf('--provider', values.provider ?? 'offline', ['offline', 'anthropic', 'openai']),
    model: values.model,
    baseUrl: values['base-url'],
    keyVariable: values['key-variable'],
    mode: oneOf('--mode', values.mode ?? 'auto', ['auto', 'parallel', 'batch', 'sequential']),
    maxConcurrentTasks: wholeNumber('--concurrency', values.concurrency),
    simulatedLatencyMs: wholeNumber('--simulate-latency', values['simulate-latency']),
  };
  checkBaseUrl(options);
  checkTogether(options);
  return options;
}

function parse(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        provider: { type: 'string' },
        model: { type: 'string' },
        'base-url': { type: 'string' },
        'key-variable': { type: 'string' },
        mode: { type: 'string' },
        concurrency: { type: 'string' },
        'simulate-latency': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** One of a few words. */
export function oneOf<const Value extends string>(option: string, given: string, allowed: readonly Value[]): Value {
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new UsageError(`${option} must be ${allowed.join(', ')}: received ${given}`);
  return found;
}

/** A number without sign or fraction. */
export function wholeNumber(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new UsageError(`${option} must be a whole number: received ${given}`);
  return Number(given);
}

function checkTogether({ provider, simulatedLatencyMs }: DemoOptions): void {
  if (simulatedLatencyMs !== undefined && provider !== 'offline') {
    throw new UsageError('--simulate-latency goes with the offline provider only');
  }
}

/** Another server is asked for by name: its model too. */
export function checkBaseUrl({ provider, model, baseUrl }: ProviderChoice): void {
  if (baseUrl !== undefined && (provider !== 'openai' || model === undefined)) {
    throw new UsageError('--base-url goes with --provider openai and --model');
  }
  if (baseUrl !== undefined && !URL.canParse(baseUrl)) throw new UsageError('--base-url must be a URL');
}
