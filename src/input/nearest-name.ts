/** Longer names are nobody's typing slip, and rows of a database may be keyed by anything. */
const LONGEST_NAME = 40;

/** Names of at least this many characters may have two slips, in a row or apart. */
const LONG_NAME = 10;

/** Shorter names have too many neighbours that mean something else: `kind` and `find`. */
const SHORT_NAME = 5;

/** Words of another library or of everyday speech for an option, in normal form, with what it is called here. */
const OPTION_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  attempts: ['maxAttempts', 'retry.maxAttempts'],
  retries: ['retry.maxAttempts', 'maxAttempts'],
  maxretries: ['retry.maxAttempts', 'maxAttempts'],
  concurrency: ['maxConcurrentTasks'],
  maxconcurrency: ['maxConcurrentTasks'],
  concurrencylimit: ['maxConcurrentTasks'],
  limit: ['limits', 'maxConcurrentTasks'],
  parallelism: ['maxConcurrentTasks'],
  timeout: ['attemptTimeoutMs'],
  timeoutms: ['attemptTimeoutMs'],
  deadline: ['deadlineMs'],
  delay: ['baseDelayMs'],
  delayms: ['baseDelayMs'],
  backoff: ['retry.baseDelayMs', 'baseDelayMs'],
  llm: ['provider'],
  client: ['provider'],
  fallback: ['provider'],
  fallbacks: ['provider'],
  system: ['instructions'],
  systemprompt: ['instructions'],
  prompt: ['instructions'],
  rubric: ['instructions'],
  material: ['context'],
  card: ['context'],
  abortsignal: ['signal'],
  processingmode: ['mode'],
  ttl: ['ttlMs'],
  locale: ['language'],
  lang: ['language'],
  maxlength: ['maxCharacters'],
  rpm: ['limits.requestsPerMinute', 'requestsPerMinute'],
  tpm: ['limits.tokensPerMinute', 'tokensPerMinute'],
  judge: ['samples.judges', 'judges'],
  reasoning: ['effort'],
  reasoningeffort: ['effort'],
  modelid: ['model'],
  modelname: ['model'],
};

/** Letters and digits alone: `score_maximum` and `scoreMaximum` are one name. */
export function normalForm(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/**
 * Finds the name that was meant by one that is unknown: another spelling of the same name, the same words in another
 * order or abbreviated (`maxScore` for `scoreMaximum`), or one with a typing slip or two.
 *
 * @returns `undefined` if none is near.
 */
export function nearestName(unknown: string, names: readonly string[]): string | undefined {
  if (unknown.length > LONGEST_NAME) return undefined;
  const form = normalForm(unknown);
  const words = wordsOf(unknown);
  return (
    names.find((name) => normalForm(name) === form) ??
    names.find((name) => areSameWords(words, wordsOf(name))) ??
    closest(form, names)
  );
}

/** The option that was meant by an unknown one; more is guessed here, since an unknown option is an error anyway. */
export function nearestOption(unknown: string, names: readonly string[]): string | undefined {
  const synonyms = OPTION_SYNONYMS[normalForm(unknown.slice(0, LONGEST_NAME))] ?? [];
  return synonyms.find((each) => names.includes(each.split('.')[0] ?? each)) ?? nearestName(unknown, names);
}

/** `maxAnswerCharacters` and `max_answer_characters` as words; a plural counts as its singular. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word));
}

/** The same words in any order, some of them cut: `max` for `maximum`. */
function areSameWords(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  const left = [...others];
  return some.every((word) => {
    const position = left.findIndex((other) => isSameWord(word, other));
    if (position < 0) return false;
    left.splice(position, 1);
    return true;
  });
}

function isSameWord(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return short === long || (short.length >= 3 && long.startsWith(short) && long.length - short.length >= 3);
}

function closest(form: string, names: readonly string[]): string | undefined {
  let nearest: { name: string; slips: number } | undefined;
  for (const name of names) {
    const target = normalForm(name);
    const allowed = target.length < SHORT_NAME ? 0 : target.length < LONG_NAME ? 1 : 2;
    if (Math.abs(target.length - form.length) > allowed) continue;
    const slips = slipsBetween(form, target);
    if (slips <= allowed && slips < (nearest?.slips ?? Infinity)) nearest = { name, slips };
  }
  return nearest?.name;
}

/** Optimal string alignment: letters left out, added, replaced, or two neighbours swapped. */
function slipsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, column - 2) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
