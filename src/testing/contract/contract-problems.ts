import type { CallReport, GradingItem, ProviderCapabilities, Verdict, VerdictNotes } from '../../contract/provider.js';
import { jsonProblems } from '../checks/json-problems.js';

/** `true` where all is well. */
type Problem = string | boolean;

/** Finds what is wrong with the verdicts of a call. A grade must be one where the answer gives no reason to decline. */
export function verdictProblems(
  verdicts: readonly Verdict[],
  items: readonly GradingItem[],
  mustGrade: boolean,
): readonly string[] {
  if (!Array.isArray(verdicts)) return [`grade() must resolve to a list: received ${typeof verdicts}`];
  const foreign = verdicts.filter(({ id }) => items.every((item) => item.id !== id));
  return [
    ...foreign.map(({ id }) => `verdict "${id}" belongs to no item of the call`),
    ...items.flatMap((item) => {
      const own = verdicts.filter(({ id }) => id === item.id);
      const [verdict] = own;
      if (verdict === undefined || own.length > 1) return [`item "${item.id}" has ${own.length} verdicts, not 1`];
      return oneVerdictProblems(verdict, item, mustGrade);
    }),
    ...jsonProblems(verdicts, 'verdicts'),
  ];
}

function oneVerdictProblems(verdict: Verdict, { id, question }: GradingItem, mustGrade: boolean): readonly string[] {
  const place = `verdict "${id}"`;
  if ('refused' in verdict || 'malformed' in verdict) {
    return mustGrade ? [`${place} is no grade: ${JSON.stringify(verdict)}`] : [];
  }
  const notes = noteProblems(verdict, place);
  if (!('criteria' in verdict)) return [...shareProblems(verdict.score, `${place} score`), ...notes];
  const wanted = question.rubric?.criteria.map((criterion) => criterion.id) ?? [];
  const given = verdict.criteria.map((criterion) => criterion.id);
  return [
    ...notes,
    ...(wanted.toSorted().join() === given.toSorted().join()
      ? []
      : [`${place} scores the criteria [${given.join(', ')}], not [${wanted.join(', ')}]`]),
    ...verdict.criteria.flatMap((criterion) => shareProblems(criterion.score, `${place} criterion "${criterion.id}"`)),
  ];
}

function shareProblems(score: unknown, place: string): readonly string[] {
  return typeof score === 'number' && score >= 0 && score <= 1
    ? []
    : [`${place} must be 0..1: received ${JSON.stringify(score) ?? String(score)}`];
}

/** What a verdict may carry beside its score. */
function noteProblems({ confidence, feedback, rationale, flags }: VerdictNotes, place: string): readonly string[] {
  const texts = Object.entries({ feedback, rationale }).filter(
    ([, text]) => text !== undefined && typeof text !== 'string',
  );
  const areFlags = flags === undefined || (Array.isArray(flags) && flags.every((flag) => typeof flag === 'string'));
  return [
    ...(confidence === undefined ? [] : shareProblems(confidence, `${place} confidence`)),
    ...texts.map(([name, text]) => `${place} ${name} must be a text: received ${typeof text}`),
    ...(areFlags ? [] : [`${place} flags must be a list of texts: received ${JSON.stringify(flags)}`]),
  ];
}

/** Finds numbers in a report that cannot be. */
export function reportProblems({ usage, rateLimit, ...report }: CallReport): readonly string[] {
  const amounts = Object.entries({ ...usage, ...rateLimit });
  const counts = usage === undefined ? [] : (['inputTokens', 'outputTokens'] as const);
  const problems: Problem[] = [
    ...counts.map(
      (name) => isAmount(usage?.[name]) || `report usage must have ${name}: received ${String(usage?.[name])}`,
    ),
    ...amounts.map(
      ([name, amount]) =>
        amount === undefined || isAmount(amount) || `report ${name} must be 0 or more: received ${amount}`,
    ),
    isText(report.model) || `report model must be a name: received ${String(report.model)}`,
    isText(report.requestId) || `report requestId must be a name: received ${String(report.requestId)}`,
  ];
  return problems.filter((problem) => typeof problem === 'string');
}

/** Finds capabilities that cannot be. */
export function capabilityProblems(capabilities: ProviderCapabilities = {}): readonly string[] {
  const { maxItemsPerCall, maxConcurrency, cachedPrefixTokens } = capabilities;
  const problems: Problem[] = Object.entries({ maxItemsPerCall, maxConcurrency, cachedPrefixTokens }).map(
    ([name, amount]) =>
      amount === undefined ||
      (Number.isInteger(amount) && amount >= 1) ||
      `capabilities.${name} must be an integer of at least 1: received ${amount}`,
  );
  return problems.filter((problem) => typeof problem === 'string');
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isText(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && value !== '');
}
