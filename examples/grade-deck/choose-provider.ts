import type { Provider } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { offlineProvider } from 'gradelanes/offline';
import { openaiProvider } from 'gradelanes/openai';
import { UsageError } from './usage-error.ts';
import { withSimulatedLatency } from './with-simulated-latency.ts';

/** Who shall grade. */
export interface ProviderChoice {
  provider: 'offline' | 'anthropic' | 'openai';
  model: string | undefined;
  baseUrl: string | undefined;
  /** Name of the environment variable that holds the key. */
  keyVariable: string | undefined;
  /** With the offline grader, as if every call took so long. */
  simulatedLatencyMs?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The provider that the command line named. SDKs are loaded only when they are asked for.
 *
 * @throws {UsageError} when the key that it needs is not there.
 */
export async function chooseProvider(options: ProviderChoice, environment: Environment): Promise<Provider> {
  if (options.provider === 'anthropic') return chooseAnthropic(options, environment);
  if (options.provider === 'openai') return chooseOpenAI(options, environment);
  const { simulatedLatencyMs } = options;
  return simulatedLatencyMs === undefined
    ? offlineProvider()
    : withSimulatedLatency(offlineProvider(), simulatedLatencyMs);
}

async function chooseAnthropic(
  { keyVariable = 'ANTHROPIC_API_KEY', model = 'claude-haiku-5-5' }: ProviderChoice,
  environment: Environment,
): Promise<Provider> {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  return anthropicProvider(new Anthropic({ apiKey: keyFrom(keyVariable, environment) }), { model });
}

async function chooseOpenAI(
  { baseUrl, keyVariable, model = 'gpt-6-luna' }: ProviderChoice,
  environment: Environment,
): Promise<Provider> {
  const { default: OpenAI } = await import('openai');
  if (baseUrl === undefined) {
    const apiKey = keyFrom(keyVariable ?? 'OPENAI_API_KEY', environment);
    return openaiProvider(new OpenAI({ apiKey }), { model });
  }
  const apiKey = keyVariable === undefined ? 'none' : keyFrom(keyVariable, environment);
  return openaiProvider(new OpenAI({ apiKey, baseURL: baseUrl }), { model });
}

/** Only called for a provider that was asked for by name: a key in the environment alone is never used. */
function keyFrom(variable: string, environment: Environment): string {
  const key = environment[variable];
  if (key === undefined || key === '')
    throw new UsageError(`the environment variable ${variable} must hold an API key`);
  return key;
}
