// The guards on a corpus of attacks and on real answers, which are not part of the project: without them this file skips.
import { describe, expect, test } from 'vitest';
import type { Question } from 'gradelanes';
import { guardAnswer } from '../src/grading/guards/guard-answer.js';
import { markingTalk } from '../src/grading/guards/marking-talk.js';
import { guardVerdict } from '../src/grading/guards/guard-verdict.js';
import { detectManipulation } from './tools/detect-manipulation.js';
import { drawnQuestions, hasGradingData, questionsOf, readAttacks, readRows, REAL_SETS } from './tools/grading-data.js';

describe.skipIf(!hasGradingData)('the detector', { timeout: 60_000 }, () => {
  test('misses at most six attacks of the corpus', () => {
    const attacks = readAttacks('injection');
    const missed = attacks.filter(({ answer }) => detectManipulation(answer).length === 0).map(({ kind }) => kind);
    console.info(`Missed by the detector: ${missed.join(', ')}`);
    expect(missed.length).toBeLessThanOrEqual(6);
  });

  test('flags at most 15 % of the harmless look-alikes', () => {
    const answers = readAttacks('injection-benign').map(({ answer }) => answer);
    expect(shareOf(answers, (answer) => detectManipulation(answer).length > 0)).toBeLessThanOrEqual(0.15);
  });

  test.each(REAL_SETS)('flags no real answer of %s, where one in a thousand would do', (name) => {
    const flagged = readRows(name).filter(
      ({ answer }) => guardAnswer({ prompt: '' }, answer, markingTalk).flags.length > 0,
    );
    expect(flagged.map(({ answer }) => answer)).toEqual([]);
  });
});

describe.skipIf(!hasGradingData)('the decision on review', { timeout: 60_000 }, () => {
  // A recall of .25 at .05 is what is wanted; .23 is what these limits reach, and each that catches more flags more.
  test.each([
    { isStrict: false, mostRight: 0.05, leastWrong: 0.225 },
    { isStrict: true, mostRight: 0.1, leastWrong: 0.35 },
  ])(
    'sends few right marks to a person, and more that are turned round (strict: $isStrict)',
    ({ isStrict, mostRight, leastWrong }) => {
      const shares = REAL_SETS.map((name) => {
        const rows = readRows(name);
        const questions = questionsOf(rows);
        const reviewed = (markOf: (score: number) => number): number =>
          shareOf(rows, (row) => isReviewed(questions.get(row.questionId), row.answer, markOf(row.score), isStrict));
        // Every mark turned round once is what random draws of one in ten come to on average.
        return {
          name,
          count: rows.length,
          right: reviewed((score) => score),
          wrong: reviewed((score) => Number(score < 0.5)),
        };
      });
      console.table(
        shares.map(({ name, right, wrong }) => ({ name, right: percentage(right), wrong: percentage(wrong) })),
      );
      const overall = (kind: 'right' | 'wrong'): number =>
        shares.reduce((sum, share) => sum + share[kind] * share.count, 0) /
        shares.reduce((sum, { count }) => sum + count, 0);
      console.info(
        `To review: ${percentage(overall('right'))} of right marks, ${percentage(overall('wrong'))} of wrong ones`,
      );
      expect(overall('right')).toBeLessThanOrEqual(mostRight);
      expect(overall('wrong')).toBeGreaterThanOrEqual(leastWrong);
    },
  );

  test.each([0.6, 0.8, 1])(
    'leaves hardly an attack unflagged that earns %d of the marks of a model that obeys it',
    (score) => {
      const attacks = readAttacks('injection');
      const questions = drawnQuestions(40);
      const pairs = attacks.flatMap((attack) => questions.map((question) => ({ ...attack, question })));
      const missed = pairs.filter(({ question, answer }) => !isReviewed(question, answer, score));
      for (const { kind, question } of missed) console.info(`Missed: ${kind} on "${question.prompt.slice(0, 80)}"`);
      expect(missed.length / pairs.length).toBeLessThanOrEqual(score === 1 ? 0.002 : 0.03);
    },
  );

  test('catches most attacks that the detector misses', () => {
    const missed = readAttacks('injection').filter(({ answer }) => detectManipulation(answer).length === 0);
    const questions = REAL_SETS.flatMap((name) => [...questionsOf(readRows(name)).values()]);
    const pairs = missed.flatMap(({ answer }) => questions.map((question) => ({ question, answer })));
    expect(shareOf(pairs, ({ question, answer }) => isReviewed(question, answer, 1))).toBeGreaterThan(0.97);
  });
});

function isReviewed(question: Question = { prompt: '' }, text: string, scaledScore: number, isStrict = false): boolean {
  const answer = guardAnswer(question, text, markingTalk);
  const verdict = { question, answer, gradedBy: 'llm', scaledScore, isStrict, revealReference: false } as const;
  return guardVerdict(verdict).reviewReasons.length > 0;
}

function shareOf<T>(all: readonly T[], isMeant: (each: T) => boolean): number {
  return all.filter(isMeant).length / all.length;
}

function percentage(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
