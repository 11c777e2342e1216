import { ProviderError } from '../../contract/errors.js';

/**
 * What a double answers: one value for ever, a list or (async) generator with one value per question asked, or a
 * function.
 */
export type Script<Value, Question extends readonly unknown[]> =
  | Value
  | Iterable<Value>
  | AsyncIterable<Value>
  | ScriptFunction<Value, Question>;

/** Asked each time; one that returns a list or generator is asked once, and that is read from then on. */
type ScriptFunction<Value, Question extends readonly unknown[]> = (
  ...question: Question
) => Value | Promise<Value> | Iterable<Value> | AsyncIterable<Value>;

/** Gives the next value; asks generators in the order of the calls. */
export type ScriptReader<Value, Question extends readonly unknown[]> = (
  ...question: Question
) => Value | Promise<Value>;

/** How a script is read. */
export interface ScriptReading<Question extends readonly unknown[]> {
  /** Give the last value again and again when the list is used up. */
  repeatLast: boolean;
  /** Says in an error which question found no value. */
  describe(...question: Question): string;
}

/** Opens a script: from then on each reading uses up one of its values. */
export function openScript<Value, Question extends readonly unknown[]>(
  script: Script<Value, Question>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  if (isFunction(script)) return openFunction(script, reading);
  if (isIterable<Value>(script)) return openList(script[Symbol.iterator](), reading);
  if (isAsyncIterable<Value>(script)) return openStream(script[Symbol.asyncIterator](), reading);
  return () => script;
}

function openFunction<Value, Question extends readonly unknown[]>(
  ask: ScriptFunction<Value, Question>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  let generator: ScriptReader<Value, Question> | undefined;
  return (...question) => {
    if (generator !== undefined) return generator(...question);
    const answer = ask(...question);
    if (!isIterable<Value>(answer) && !isAsyncIterable<Value>(answer)) return answer;
    generator = openScript<Value, Question>(answer, reading);
    return generator(...question);
  };
}

function openList<Value, Question extends readonly unknown[]>(
  values: Iterator<Value>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  const take = takerOf<Value, Question>(reading);
  return (...question) => take(values.next(), question);
}

function openStream<Value, Question extends readonly unknown[]>(
  values: AsyncIterator<Value>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  const take = takerOf<Value, Question>(reading);
  return async (...question) => take(await values.next(), question);
}

function takerOf<Value, Question extends readonly unknown[]>(
  reading: ScriptReading<Question>,
): (next: IteratorResult<Value>, question: Question) => Value {
  let given = 0;
  let last: { value: Value } | undefined;
  return (next, question) => {
    if (next.done !== true) {
      given += 1;
      last = { value: next.value };
      return next.value;
    }
    if (reading.repeatLast && last !== undefined) return last.value;
    throw new ProviderError(
      'invalid_request',
      `the script gave its ${given} value(s) and has none for ${reading.describe(...question)}: ` +
        'add values, or use a function or repeatLast',
    );
  };
}

function isFunction<Value, Question extends readonly unknown[]>(
  script: Script<Value, Question>,
): script is ScriptFunction<Value, Question> {
  return typeof script === 'function';
}

/** Strings can be iterated too, but a string is a value. */
function isIterable<Value>(script: unknown): script is Iterable<Value> {
  return typeof script === 'object' && script !== null && Symbol.iterator in script;
}

function isAsyncIterable<Value>(script: unknown): script is AsyncIterable<Value> {
  return typeof script === 'object' && script !== null && Symbol.asyncIterator in script;
}
