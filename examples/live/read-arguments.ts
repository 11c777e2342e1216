import { parseArgs } from 'node:util';
import { oneOf, wholeNumber } from '../grade-deck/read-arguments.ts';
import { UsageError } from '../grade-deck/usage-error.ts';

/** The forms in which a model can be held to the reply's schema. */
const outputModes = ['json_schema', 'json_object', 'prompt'] as const;

/** What the command line asked for. */
export interface LiveOptions {
  /** A server with an OpenAI-compatible API, or a model file. */
  target:
    | { kind: 'server'; baseUrl: string; model: string; keyVariable: string | undefined }
    | { kind: 'gguf'; file: string };
  threads: number | undefined;
  contextSize: number | undefined;
  /** How many answers each run grades. */
  answers: number;
  concurrency: number;
  modes: readonly (typeof outputModes)[number][];
  /** Marked answers to agree with; the deck's where there is none. */
  data: string | undefined;
  limit: number;
  /** Where the report goes, by its ending .md or .html. */
  out: readonly string[];
}

/** Text of `--help`. */
export const usage: string = `Tries the library on a real model: npm run live -- [options]

  --base-url URL       an OpenAI-compatible server, such as Ollama at
                       http://localhost:11434/v1 or llama.cpp's server
  --model NAME         with --base-url: the server's name of the model
  --key-variable NAME  environment variable with a key; none is sent without
  --paid               needed for any server that is not on this machine:
                       some 600 calls, which the vendor bills
  --gguf FILE          instead of a server: a model file, through
                       node-llama-cpp (npm install --no-save node-llama-cpp)
  --threads N          with --gguf
  --context N          with --gguf: tokens of prompt and reply, default 4096
  --answers N          answers a run, default 100
  --concurrency N      calls at once, default 2
  --output MODE        json_schema, json_object or prompt; default all three
  --data FILE.jsonl    marked answers to compare with, as npm run evaluate
                       takes them; default the deck of the demo
  --limit N            of those, at most so many; default 300
  --out FILE           writes the report too: .md or .html, may be repeated
  --help               this text`;

/**
 * Reads the command line.
 *
 * @throws {UsageError} saying what is wrong with it.
 */
export function readArguments(words: readonly string[]): LiveOptions | 'help' {
  const values = parse(words);
  if (values.help === true) return 'help';
  const out = values.out ?? [];
  for (const path of out) {
    if (!/\.(md|html)$/.test(path)) throw new UsageError(`--out must end in .md or .html: received ${path}`);
  }
  const mode = values.output === undefined ? undefined : oneOf('--output', values.output, outputModes);
  return {
    target: targetOf(values),
    threads: wholeNumber('--threads', values.threads),
    contextSize: wholeNumber('--context', values.context),
    answers: wholeNumber('--answers', values.answers) ?? 100,
    concurrency: wholeNumber('--concurrency', values.concurrency) ?? 2,
    modes: mode === undefined ? outputModes : [mode],
    data: values.data,
    limit: wholeNumber('--limit', values.limit) ?? 300,
    out,
  };
}

type Values = ReturnType<typeof parse>;

function targetOf(values: Values): LiveOptions['target'] {
  const { gguf, model } = values;
  const baseUrl = values['base-url'];
  if (gguf !== undefined && baseUrl === undefined) return { kind: 'gguf', file: gguf };
  if (gguf !== undefined || baseUrl === undefined || model === undefined)
    throw new UsageError('give --base-url with --model, or --gguf');
  if (!URL.canParse(baseUrl)) throw new UsageError('--base-url must be a URL');
  const { hostname } = new URL(baseUrl);
  if (!/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) && values.paid !== true)
    throw new UsageError(`${hostname} may bill some 600 calls: add --paid if that is meant`);
  return { kind: 'server', baseUrl, model, keyVariable: values['key-variable'] };
}

function parse(words: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        'base-url': text,
        model: text,
        'key-variable': text,
        paid: { type: 'boolean' },
        gguf: text,
        threads: text,
        context: text,
        answers: text,
        concurrency: text,
        output: text,
        data: text,
        limit: text,
        out: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
