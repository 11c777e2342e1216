import type { CriteriaVerdict, GradingItem, ScoreVerdict, Verdict, VerdictNotes } from '../../contract/provider.js';
import type { RubricCriterion } from '../../contract/question.js';

/** Quotes that are looked for, for each criterion or for a whole answer. */
const MOST_QUOTES = 20;

/** Longer quotes are cut, in UTF-16 units. */
const LONGEST_QUOTE = 1_000;

/** What is wrong where a provider passes an item over, or names it otherwise. */
export const NO_RESULT = 'no result carried the key of this answer';

/** Reasons for the teacher are asked for in 25 words; so many characters are kept. */
const LONGEST_NOTE = 2_000;

/** What a provider's word on one item is worth. */
export type CheckedVerdict =
  | { kind: 'score'; verdict: ScoreVerdict | CriteriaVerdict }
  | { kind: 'refused'; reason: string | undefined }
  | { kind: 'malformed'; reason: string };

/**
 * Finds the verdict on each item and checks it. Missing, duplicate and unusable verdicts concern only their own item;
 * verdicts on items that were not asked are ignored. Providers may be plain JavaScript, so nothing is taken on trust.
 */
export function checkVerdicts(items: readonly GradingItem[], verdicts: readonly Verdict[]): readonly CheckedVerdict[] {
  const byId = new Map<string, Verdict | 'twice'>();
  for (const verdict of verdicts) {
    const id: unknown = typeof verdict === 'object' && verdict !== null ? verdict.id : undefined;
    if (typeof id === 'string') byId.set(id, byId.has(id) ? 'twice' : verdict);
  }
  return items.map((item) => checkVerdict(item, byId.get(item.id)));
}

function checkVerdict(item: GradingItem, verdict: Verdict | 'twice' | undefined): CheckedVerdict {
  if (verdict === undefined) return malformed(NO_RESULT);
  if (verdict === 'twice') return malformed('more than one result carried the key of this answer');
  const { malformed: reason, refused } = { malformed: undefined, refused: undefined, ...verdict };
  if (typeof reason === 'string') return malformed(reason);
  if (refused === true || typeof refused === 'string') {
    return { kind: 'refused', reason: refused === true ? undefined : refused };
  }
  const scored = verdict as ScoreVerdict | CriteriaVerdict;
  const fault = hasCriteria(item.question, scored)
    ? faultInCriteria(item, scored)
    : faultInScore(scored.score, 'the score');
  return fault === undefined ? { kind: 'score', verdict: withCheckedNotes(item, scored) } : malformed(fault);
}

/** The marks as they are, the notes only where they are what they should be. */
function withCheckedNotes(
  { question }: GradingItem,
  verdict: ScoreVerdict | CriteriaVerdict,
): ScoreVerdict | CriteriaVerdict {
  const { id } = verdict;
  const notes = checkedNotes(verdict);
  if (!hasCriteria(question, verdict)) return { id, score: verdict.score, ...notes };
  const criteria = verdict.criteria.map(({ id: criterionId, score, comment, evidence }) => ({
    id: criterionId,
    score,
    ...(typeof comment === 'string' && { comment: cut(comment) }),
    ...(Array.isArray(evidence) && { evidence: checkedQuotes(evidence) }),
  }));
  return { id, criteria, ...notes };
}

function checkedNotes({ feedback, rationale, confidence, flags, evidence }: VerdictNotes): VerdictNotes {
  const notes: VerdictNotes = {};
  if (typeof feedback === 'string') notes.feedback = feedback;
  if (typeof rationale === 'string') notes.rationale = cut(rationale);
  if (typeof confidence === 'number' && confidence >= 0 && confidence <= 1) notes.confidence = confidence + 0;
  if (Array.isArray(flags)) notes.flags = flags.filter((flag) => typeof flag === 'string');
  if (Array.isArray(evidence)) notes.evidence = checkedQuotes(evidence);
  return notes;
}

/** Texts that say something, as many and as long as a provider has any reason to quote. */
function checkedQuotes(evidence: readonly unknown[]): readonly string[] {
  const quotes = evidence.slice(0, MOST_QUOTES).filter((quote) => typeof quote === 'string');
  return quotes.filter((quote) => quote.trim() !== '').map((quote) => quote.slice(0, LONGEST_QUOTE));
}

/** Whole sentences are some hundred characters: what is longer is no reason, and is kept in results, stores and rows. */
function cut(note: string): string {
  return note.length <= LONGEST_NOTE ? note : `${note.slice(0, LONGEST_NOTE - 1).toWellFormed()}…`;
}

function faultInCriteria(item: GradingItem, verdict: CriteriaVerdict): string | undefined {
  const wanted = item.question.rubric?.criteria ?? [];
  if (!verdict.criteria.every((criterion) => typeof criterion === 'object' && criterion !== null)) {
    return 'the criteria were no objects';
  }
  if (verdict.criteria.length !== wanted.length) {
    return `there were scores for ${verdict.criteria.length} criteria, not for ${wanted.length}`;
  }
  const scores = new Map(verdict.criteria.map((criterion) => [criterion.id, criterion.score]));
  for (const [index, { id }] of wanted.entries()) {
    const fault = faultInCriterion(scores, id, index + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInCriterion(
  scores: ReadonlyMap<string, unknown>,
  id: RubricCriterion['id'],
  position: number,
): string | undefined {
  return scores.has(id)
    ? faultInScore(scores.get(id), `the score of criterion ${position}`)
    : `criterion ${position} had no score`;
}

function faultInScore(score: unknown, name: string): string | undefined {
  if (typeof score !== 'number' || !Number.isFinite(score)) return `${name} was not a number`;
  return score < 0 || score > 1 ? `${name} was out of range` : undefined;
}

/** Where there is a rubric, scores per criterion count before a holistic one. */
export function hasCriteria(
  { rubric }: GradingItem['question'],
  verdict: ScoreVerdict | CriteriaVerdict,
): verdict is CriteriaVerdict {
  return rubric !== undefined && 'criteria' in verdict && Array.isArray(verdict.criteria);
}

function malformed(reason: string): CheckedVerdict {
  return { kind: 'malformed', reason };
}
