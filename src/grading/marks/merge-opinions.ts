import type { CriteriaVerdict, ScoreVerdict, VerdictNotes } from '../../contract/provider.js';
import type { Question } from '../../contract/question.js';
import { hasCriteria } from './check-verdict.js';
import { scoreOf } from './score.js';

/** What several opinions on one answer come to. */
export interface MergedOpinions {
  /** The marks of all of them, the words of the one that lies nearest, every flag that any of them raised. */
  verdict: ScoreVerdict | CriteriaVerdict;
  /** Position of the opinion whose words are used. */
  nearest: number;
  /** How many stand by the merged grade: the same side of the passing score, at most one level of five away. */
  agreeing: number;
}

/** One level of five; a little more, because sums of fractions miss their value. */
const ONE_LEVEL = 0.2 + 1e-6;

/**
 * Merges the opinions on one answer. Marks are the median, per criterion where every opinion has criteria: one opinion
 * far off moves nothing, and an even number meets half-way. Confidence is half what the graders state and half how many
 * of them agree; that is (k + 1) / (n + 2) for k of n, because a few that agree prove little.
 */
export function mergeOpinions(
  question: Question,
  opinions: readonly (ScoreVerdict | CriteriaVerdict)[],
): MergedOpinions {
  const marks = mergedMarks(question, opinions);
  const { scaledScore, isCorrect } = scoreOf(question, marks);
  const scores = opinions.map((opinion) => scoreOf(question, opinion));
  const distances = scores.map((score) => Math.abs(score.scaledScore - scaledScore));
  const nearest = distances.indexOf(Math.min(...distances));
  const agreeing = scores.filter(
    (score, index) => score.isCorrect === isCorrect && (distances[index] ?? Infinity) <= ONE_LEVEL,
  ).length;
  const words = opinions[nearest] ?? marks;
  const notes: VerdictNotes = {
    feedback: words.feedback,
    rationale: words.rationale,
    flags: [...new Set(opinions.flatMap((opinion) => opinion.flags ?? []))],
    confidence: mergedConfidence(opinions, agreeing),
    evidence: words.evidence,
  };
  return { verdict: { ...withReasons(question, marks, words), ...notes }, nearest, agreeing };
}

function mergedMarks(
  question: Question,
  opinions: readonly (ScoreVerdict | CriteriaVerdict)[],
): ScoreVerdict | CriteriaVerdict {
  const id = opinions[0]?.id ?? '';
  const detailed = opinions.filter((opinion) => hasCriteria(question, opinion));
  if (detailed.length < opinions.length || question.rubric === undefined) {
    return { id, score: median(opinions.map((opinion) => scoreOf(question, opinion).scaledScore)) };
  }
  const criteria = question.rubric.criteria.map(({ id: criterionId }) => ({
    id: criterionId,
    score: median(
      detailed.flatMap((opinion) => opinion.criteria.find((criterion) => criterion.id === criterionId)?.score ?? []),
    ),
  }));
  return { id, criteria };
}

/** The marks with the reasons and quotes of the opinion that lies nearest. */
function withReasons(
  question: Question,
  marks: ScoreVerdict | CriteriaVerdict,
  words: ScoreVerdict | CriteriaVerdict,
): ScoreVerdict | CriteriaVerdict {
  if (!hasCriteria(question, marks) || !hasCriteria(question, words)) return marks;
  const reasons = new Map(words.criteria.map(({ id, comment, evidence }) => [id, { comment, evidence }]));
  return { ...marks, criteria: marks.criteria.map((each) => ({ ...each, ...reasons.get(each.id) })) };
}

function mergedConfidence(opinions: readonly VerdictNotes[], agreeing: number): number {
  const stated = opinions.flatMap(({ confidence }) => confidence ?? []);
  const consistency = (agreeing + 1) / (opinions.length + 2);
  const mean = stated.reduce((sum, confidence) => sum + confidence, 0) / stated.length;
  return Math.round((stated.length === 0 ? consistency : (mean + consistency) / 2) * 100) / 100;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
