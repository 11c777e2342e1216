import type { AnswerToGrade, Question } from '../../contract/question.js';
import type { FailureCode } from '../../contract/failure.js';
import type { FailedAnswer, GradedAnswer, GradingResult } from '../../contract/result.js';
import { brokenRules, isAbout } from './broken-rules.js';

/** Not the engine's constant: a promise is checked against what was promised. */
const DEFAULT_PASSING_SCALED_SCORE = 0.5;

const GRADERS: ReadonlySet<unknown> = new Set(['rule', 'exact', 'llm', 'offline']);
const ASKED: ReadonlySet<unknown> = new Set(['llm', 'offline']);
const CODES: ReadonlySet<unknown> = new Set<FailureCode>([
  ...(['rate_limited', 'overloaded', 'timeout', 'network', 'server', 'truncated', 'malformed', 'too_large'] as const),
  ...(['refused', 'auth', 'quota', 'not_found', 'invalid_request', 'unsupported', 'aborted'] as const),
  ...(['deadline_exceeded', 'budget_exceeded', 'unknown'] as const),
]);

const SCORE_FIELDS = ['scoreGiven', 'scoreMaximum', 'scaledScore', 'isCorrect', 'suggestedRating', 'criteria'];

/** Finds what is wrong with one result: one sentence per problem. */
export function resultProblems(
  result: GradingResult | undefined,
  { id, question }: AnswerToGrade,
  index: number,
): readonly string[] {
  const place = `results[${index}]`;
  if (typeof result !== 'object' || result === null) return [`${place} is missing`];
  if (result.status !== 'graded' && result.status !== 'failed') {
    return [
      `${place}.status must be "graded" or "failed": received ${JSON.stringify((result as { status: unknown }).status)}`,
    ];
  }
  const { attempts, durationMs, queuedMs } = result;
  return [
    ...brokenRules(result, place, [
      ['index', result.index === index, 'its position'],
      ['questionId', result.questionId === question.id, `the question's id`],
      ['answerId', result.answerId === id, `the answer's id`],
      ['attempts', Number.isInteger(attempts) && attempts >= 0, 'a count'],
      ['durationMs', durationMs >= 0, '0 or more'],
      ['queuedMs', queuedMs >= 0, '0 or more'],
    ]),
    ...(result.status === 'graded' ? gradeProblems(result, question, place) : failureProblems(result, place)),
  ];
}

function gradeProblems(result: GradedAnswer, question: Question, place: string): readonly string[] {
  const { scoreGiven, scoreMaximum, scaledScore, isCorrect, suggestedRating, criteria = [], confidence = 0 } = result;
  const { gradedBy, provider, reviewReasons } = result;
  const fullMarks = maximumOf(question);
  const { passingScaledScore = DEFAULT_PASSING_SCALED_SCORE } = question;
  const terms = criteria.length + 1;
  const sum = criteria.reduce((total, criterion) => total + criterion.scoreGiven, 0);
  const clampedSum = Math.min(scoreMaximum, Math.max(0, sum));
  return [
    ...brokenRules(result, place, [
      ['gradedBy', GRADERS.has(gradedBy), [...GRADERS].join(', ')],
      ['provider', !ASKED.has(gradedBy) || isName(provider), 'the name of who graded'],
      ['fromCache', typeof result.fromCache === 'boolean', 'true or false'],
      ['reviewReasons', Array.isArray(reviewReasons) && reviewReasons.every(isName), 'a list of reasons'],
      [
        'scoreMaximum',
        fullMarks === undefined || Number.isNaN(fullMarks) || isAbout(scoreMaximum, fullMarks),
        `${fullMarks}, as the question says`,
      ],
      ['scoreGiven', scoreGiven >= 0 && scoreGiven <= scoreMaximum, `from 0 to ${scoreMaximum}`],
      ['scoreGiven', criteria.length === 0 || isAbout(scoreGiven, clampedSum, terms), `${clampedSum}, as its criteria`],
      ['scaledScore', isShare(scaledScore), 'from 0 to 1'],
      ['scaledScore', isAbout(scaledScore, scoreGiven / (scoreMaximum || 1), terms), `${scoreGiven} / ${scoreMaximum}`],
      ['isCorrect', isCorrect === scaledScore >= passingScaledScore, `${scaledScore} >= ${passingScaledScore}`],
      [
        'suggestedRating',
        isCorrect ? [2, 3].includes(suggestedRating) : suggestedRating === 1,
        '2 or 3 if correct, else 1',
      ],
      ['needsReview', result.needsReview === (reviewReasons ?? []).length > 0, 'true with reasons'],
      ['confidence', isShare(confidence), 'from 0 to 1'],
    ]),
    ...criteriaProblems(result, question, place),
    ...criteria.flatMap((criterion, position) =>
      brokenRules(criterion, `${place}.criteria[${position}]`, [
        [
          'scoreGiven',
          isShare(criterion.scoreGiven / (criterion.scoreMaximum || 1)),
          `part of ${criterion.scoreMaximum}`,
        ],
      ]),
    ),
  ];
}

function failureProblems(result: FailedAnswer, place: string): readonly string[] {
  const { error } = result;
  if (typeof error !== 'object' || error === null) return [`${place}.error is missing`];
  const { code, message, retryAt = '2000-01-01' } = error;
  return [
    ...SCORE_FIELDS.filter((field) => field in result).map((field) => `${place}.${field}: a failure has no score`),
    ...brokenRules(error, `${place}.error`, [
      ['code', CODES.has(code), `one of ${[...CODES].join(', ')}`],
      ['scope', ['item', 'call', 'provider'].includes(error.scope), 'item, call or provider'],
      ['retryable', typeof error.retryable === 'boolean', 'true or false'],
      ['message', Boolean(message), 'a sentence'],
      ['retryAt', !Number.isNaN(Date.parse(retryAt)), 'a date'],
    ]),
  ];
}

/** A rubric's criteria are marked, each once, unless the grade is a single score. */
function criteriaProblems(
  { criteria, gradedBy }: GradedAnswer,
  { rubric }: Question,
  place: string,
): readonly string[] {
  if (criteria === undefined || rubric === undefined || gradedBy === 'exact' || gradedBy === 'rule') return [];
  const wanted = rubric.criteria.map(({ id }) => id).toSorted();
  const given = criteria.map(({ id }) => id).toSorted();
  if (wanted.join('\n') === given.join('\n')) return [];
  return [
    `${place}.criteria must be those of the rubric, ${wanted.join(', ')}: received ${given.join(', ') || 'none'}`,
  ];
}

/** Full marks, where the question alone says them. */
function maximumOf({ kind, rubric, scoreMaximum }: Question): number | undefined {
  if (scoreMaximum !== undefined) return scoreMaximum;
  if (rubric === undefined) return kind === 'cloze' ? undefined : 1;
  return rubric.criteria.reduce((sum, criterion) => {
    const { points = 1 } = criterion;
    return 'levels' in criterion ? Number.NaN : sum + Math.max(0, points);
  }, 0);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
