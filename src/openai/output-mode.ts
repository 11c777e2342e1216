import { isProviderError, type ProviderError } from '../contract/errors.js';

/**
 * How a reply is held to its JSON Schema: by the server (`json_schema`), as the arguments of a forced tool call
 * (`tool`), as some JSON object (`json_object`), or by asking (`prompt`). The last two put the schema into the prompt.
 */
export type OutputMode = 'json_schema' | 'tool' | 'json_object' | 'prompt';

const LADDER: readonly OutputMode[] = ['json_schema', 'tool', 'json_object', 'prompt'];

/** Asks in the best mode that the server takes. */
export type OutputLadder = <T>(ask: (mode: OutputMode) => Promise<T>) => Promise<T>;

/** A ladder that never leaves the mode it was told. */
export function fixedMode(mode: OutputMode): OutputLadder {
  return (ask) => ask(mode);
}

/**
 * A ladder that starts at the strictest mode. A refusal of the mode costs one request without tokens; the next mode is
 * tried at once, each at most once per call. What worked is remembered, so it costs only the first calls.
 */
export function outputLadder(): OutputLadder {
  let known = 0;
  return (ask) =>
    askFrom(known, ask, (rung) => {
      known = Math.max(known, rung);
    });
}

async function askFrom<T>(
  rung: number,
  ask: (mode: OutputMode) => Promise<T>,
  remember: (rung: number) => void,
): Promise<T> {
  try {
    const reply = await ask(LADDER[rung] ?? 'prompt');
    remember(rung);
    return reply;
  } catch (refusal) {
    if (rung + 1 >= LADDER.length || !isRefusalOfMode(refusal)) throw refusal;
    return askFrom(rung + 1, ask, remember).catch((later: unknown) => {
      // Refused to the end: then it was not about the mode, and the first refusal says most.
      throw isRefusalOfMode(later) ? refusal : later;
    });
  }
}

/** Some servers explain a 400 in a form that no SDK keeps: then the next mode is worth a try as well. */
function isRefusalOfMode(error: unknown): error is ProviderError {
  if (!isProviderError(error)) return false;
  const isUnexplained = error.code === 'invalid_request' && error.vendorCode === undefined;
  return error.code === 'unsupported' || isUnexplained;
}
