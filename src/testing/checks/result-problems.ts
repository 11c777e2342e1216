import type { AnswerToGrade, Question } from '../../contract/question.js';
import type { FailedAnswer, GradedAnswer, GradingResult } from '../../contract/result.js';
import { brokenRules, isAbout } from './broken-rules.js';

/** Not the engine's constant: a promise is checked against what was promised. */
const DEFAULT_PASSING_SCALED_SCORE = 0.5;

const SCORE_FIELDS = ['scoreGiven', 'scoreMaximum', 'scaledScore', 'isCorrect', 'suggestedRating', 'criteria'];

/** Finds what is wrong with one result: one sentence per problem. */
export function resultProblems(
  result: GradingResult | undefined,
  { id, question }: AnswerToGrade,
  index: number,
): readonly string[] {
  const place = `results[${index}]`;
  if (result === undefined) return [`${place} is missing`];
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
  const { passingScaledScore = DEFAULT_PASSING_SCALED_SCORE } = question;
  const terms = criteria.length + 1;
  const sum = criteria.reduce((total, criterion) => total + criterion.scoreGiven, 0);
  const clampedSum = Math.min(scoreMaximum, Math.max(0, sum));
  return [
    ...brokenRules(result, place, [
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
      ['needsReview', result.needsReview === result.reviewReasons.length > 0, 'true with reasons'],
      ['confidence', isShare(confidence), 'from 0 to 1'],
    ]),
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
  const { code, message, retryAt = '2000-01-01' } = error;
  return [
    ...SCORE_FIELDS.filter((field) => field in result).map((field) => `${place}.${field}: a failure has no score`),
    ...brokenRules(error, `${place}.error`, [
      ['code', Boolean(code), 'a failure code'],
      ['message', Boolean(message), 'a sentence'],
      ['retryAt', !Number.isNaN(Date.parse(retryAt)), 'a date'],
    ]),
  ];
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
