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

/** A script in use. */
export interface ScriptReader<Value, Question extends readonly unknown[]> {
  /** Gives the next value; asks generators in the order of the calls. */
  read: (...question: Question) => Value | Promise<Value>;
  /** How many values of a list nobody has asked for; 0 where that cannot be said. */
  left: () => number;
}

/** How a script is read. */
export interface ScriptReading<Question extends readonly unknown[]> {
  /** Give the last value again and again when the list is used up. */
  repeatLast: boolean;
  /** Says in an error which question found no value. */
  describe(...question: Question): string;
  /** Remembers a mistake of the test and makes the error to throw for it. */
  misuse: (message: string, cause?: unknown) => Error;
}

/** Errors that programs make by mistake, and those of assertions: they are the test's own, not a provider's. */
const AUTHORS_ERRORS: ReadonlySet<string> = new Set([
  'AssertionError',
  'JestAssertionError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
]);

/** Opens a script: from then on each reading uses up one of its values. */
export function openScript<Value, Question extends readonly unknown[]>(
  script: Script<Value, Question>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  if (isFunction(script)) return openFunction(script, reading);
  if (Array.isArray(script)) return openArray(script as readonly Value[], reading);
  if (isIterable<Value>(script)) return openList(script[Symbol.iterator](), reading);
  if (isAsyncIterable<Value>(script)) return openStream(script[Symbol.asyncIterator](), reading);
  return { read: () => script, left: () => 0 };
}

function openFunction<Value, Question extends readonly unknown[]>(
  ask: ScriptFunction<Value, Question>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  let opened: ScriptReader<Value, Question> | undefined;
  const read = (...question: Question): Value | Promise<Value> => {
    if (opened !== undefined) return opened.read(...question);
    const answer = watchAuthor(() => ask(...question), reading);
    if (!isIterable<Value>(answer) && !isAsyncIterable<Value>(answer)) return answer;
    opened = openScript<Value, Question>(answer, reading);
    return opened.read(...question);
  };
  return { read, left: () => opened?.left() ?? 0 };
}

/** Shows a mistake in the author's own function with its stack; an error that is meant passes. */
function watchAuthor<Answer>(ask: () => Answer, { misuse }: Pick<ScriptReading<never>, 'misuse'>): Answer {
  const explain = (error: unknown): unknown =>
    error instanceof Error && AUTHORS_ERRORS.has(error.name)
      ? misuse(`the script threw ${error.stack ?? String(error)}`, error)
      : error;
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) return answer;
    const explained: unknown = answer.catch((error: unknown) => Promise.reject(explain(error) as Error));
    return explained as Answer;
  } catch (error) {
    throw explain(error);
  }
}

function openArray<Value, Question extends readonly unknown[]>(
  values: readonly Value[],
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  let asked = 0;
  const list = openList<Value, Question>(values[Symbol.iterator](), reading);
  const read = (...question: Question): Value | Promise<Value> => {
    asked += 1;
    return list.read(...question);
  };
  return { read, left: () => Math.max(0, values.length - asked) };
}

function openList<Value, Question extends readonly unknown[]>(
  values: Iterator<Value>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  const take = takerOf<Value, Question>(reading);
  return {
    read: (...question) =>
      take(
        watchAuthor(() => values.next(), reading),
        question,
      ),
    left: () => 0,
  };
}

function openStream<Value, Question extends readonly unknown[]>(
  values: AsyncIterator<Value>,
  reading: ScriptReading<Question>,
): ScriptReader<Value, Question> {
  const take = takerOf<Value, Question>(reading);
  return {
    read: async (...question) => take(await watchAuthor(() => values.next(), reading), question),
    left: () => 0,
  };
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
    throw reading.misuse(
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
