import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { gradeAnswers, gradeOf } from './graded-answers.js';
import { gradeAnswer, type GradingProvider, type ReviewPolicy } from 'gradelanes';
import {
  auditRecord,
  overrideGrade,
  parseAuditRecord,
  reviewPolicy,
  watchPolicy,
  type MarkedGrade,
} from 'gradelanes/evaluate';
import { seededRandom } from 'gradelanes/testing';

/** So many grades with this confidence, of which so many disagree with a person; a question each. */
function grades(confidence: number, count: number, wrong: number, questions = count): readonly MarkedGrade[] {
  return Array.from({ length: count }, (_, index) => ({
    result: gradeOf({ confidence, scaledScore: 1 }),
    humanScore: index < wrong ? 0 : 1,
    question: `${confidence} ${index % questions}`,
  }));
}

describe('reviewPolicy', () => {
  test('needs 72 answers without a disagreement for 5 % at 95 %, as both orders share the risk', () => {
    // Clopper & Pearson without successes: 1 - 0.025 ** (1 / n) is 0.0501 for n = 71... and 0.0499 for n = 72.
    expect(reviewPolicy(grades(0.9, 71, 0)).acceptFrom).toBeUndefined();
    const policy = reviewPolicy(grades(0.9, 72, 0));
    expect(policy).toMatchObject({ acceptFrom: 0.9, unreviewedCount: 72, disagreementCount: 0, correlation: 0 });
    expect(policy.disagreementBound).toBeCloseTo(1 - 0.025 ** (1 / 72), 6);
  });

  test('stops where disagreement begins, and lets nothing go that is less sure', () => {
    const policy = reviewPolicy([...grades(0.9, 300, 3), ...grades(0.6, 300, 90)]);
    expect(policy).toMatchObject({ signal: 'confidence', acceptFrom: 0.9, unreviewedCount: 300, disagreementCount: 3 });
    expect(policy.message).toMatch(/^50 % of the grades may go unreviewed: 3 of these 300 disagree/);
  });

  test('counts answers of one question as fewer', () => {
    expect(reviewPolicy(grades(0.9, 200, 0)).acceptFrom).toBe(0.9);
    // 40 fellow answers at a correlation of at least 0.02 leave 200 / 1.78 = 112 of the 200, 4 questions with half of ...
    expect(reviewPolicy(grades(0.9, 200, 0, 5)).correlation).toBe(0.02);
    // ... their answers wrong are 4 questions that are wrong.
    const clustered = grades(0.9, 400, 0, 10).map((each) =>
      each.question === '0.9 0' ? { ...each, humanScore: 0 } : each,
    );
    expect(reviewPolicy(clustered, { maxDisagreement: 0.2 }).acceptFrom).toBeUndefined();
    expect(reviewPolicy(grades(0.9, 400, 40), { maxDisagreement: 0.2 }).acceptFrom).toBe(0.9);
  });

  test('says about how many answers more it takes, or that more would not help', () => {
    const few = reviewPolicy(grades(0.9, 20, 0));
    expect(few.message).toMatch(/^Not enough marked answers: 20 cannot show/);
    expect(few.moreNeeded).toBeGreaterThan(52);
    expect(few.moreNeeded).toBeLessThan(400);
    expect(reviewPolicy([]).moreNeeded).toBeGreaterThan(59);
    const hopeless = reviewPolicy(grades(0.9, 300, 100));
    expect(hopeless.moreNeeded).toBeUndefined();
    expect(hopeless.message).toMatch(/^Nothing may go unreviewed/);
  });

  test('goes by the distance from the passing score where confidence tells nothing', () => {
    const clear = grades(0.9, 150, 0);
    const unclear = clear.map((_, index): MarkedGrade => ({
      ...{ result: gradeOf({ confidence: 0.9, scaledScore: 0.6 }), question: `unclear ${index}` },
      humanScore: index % 3 === 0 ? 0 : 1,
    }));
    expect(reviewPolicy([...clear, ...unclear])).toMatchObject({
      signal: 'margin',
      acceptFrom: 1,
      unreviewedCount: 150,
    });
  });

  test('reviews doubted grades anyway, leaves rules and failures out, and compares marks where asked', () => {
    const doubted = gradeOf({ confidence: 1, scaledScore: 1, needsReview: true, reviewReasons: ['off_topic'] });
    const byRule = gradeOf({ confidence: 1, scaledScore: 1, gradedBy: 'rule' });
    const others = [doubted, byRule].map((result): MarkedGrade => ({ result, humanScore: 0 }));
    const policy = reviewPolicy([...grades(0.9, 100, 0), ...others]);
    expect(policy).toMatchObject({ gradeCount: 101, unreviewedCount: 100, acceptFrom: 0.9 });
    const halfOff = grades(0.9, 100, 0).map((each) => ({ ...each, humanScore: 0.7 }));
    expect(reviewPolicy(halfOff, { within: 0.3 }).acceptFrom).toBe(0.9);
    expect(reviewPolicy(halfOff, { within: 0.2 }).acceptFrom).toBeUndefined();
  });

  test.each([
    [[], { maxDisagreement: 0 }, 'maxDisagreement must be a number above 0 and below 1: received 0'],
    [[], { certainty: 1 }, 'certainty must be a number above 0 and below 1'],
    [[], { within: 2 }, 'within must be a number from 0 to 1'],
    [[{ result: gradeOf({}), humanScore: 2 }], {}, 'marked[0].humanScore must be a score from 0 to 1: received 2'],
    [[{ humanScore: 1 }], {}, 'marked[0].result must be a result'],
    ['all', {}, 'marked must be a list of marked grades or an evaluation'],
  ])('refuses misuse: %j %j', (marked, options, message) => {
    expect(() => reviewPolicy(marked as readonly MarkedGrade[], options)).toThrow(message);
  });

  test.prop([fc.integer(), fc.double({ min: 0.06, max: 0.5, noNaN: true })], { numRuns: 60, seed: 19 })(
    'never accepts grades of which as many disagree as are allowed',
    (seed, rate) => {
      const random = seededRandom(seed);
      const marked = Array.from({ length: 300 }, (_, index): MarkedGrade => ({
        ...{ result: gradeOf({ confidence: random(), scaledScore: 1 }), question: String(index) },
        humanScore: random() < rate ? 0 : 1,
      }));
      const policy = reviewPolicy(marked);
      expect(policy.disagreementCount / Math.max(1, policy.unreviewedCount)).toBeLessThan(0.05);
    },
  );
});

describe('the option review', () => {
  const policy = reviewPolicy(grades(0.8, 100, 0));
  const sure = (confidence: number): GradingProvider => ({
    grade: async (items) => items.map(({ id }) => ({ id, score: 1, confidence })),
  });
  const answer = { question: { id: 'ice', prompt: 'Why does ice float?' }, answer: 'it is less dense' };

  test('sends grades outside of the policy to review, and leaves the others and those by rule alone', async () => {
    const stored = JSON.parse(JSON.stringify(policy)) as ReviewPolicy;
    const outside = await gradeAnswer(answer, { provider: sure(0.79), review: stored });
    expect(outside).toMatchObject({ needsReview: true, reviewReasons: ['outside_policy'] });
    expect(await gradeAnswer(answer, { provider: sure(0.8), review: stored })).toMatchObject({ needsReview: false });
    expect(await gradeAnswer(answer, { provider: sure(0.1) })).not.toMatchObject({ reviewReasons: ['outside_policy'] });
    const blank = await gradeAnswer({ ...answer, answer: '' }, { provider: sure(0.8), review: stored });
    expect(blank).toMatchObject({ gradedBy: 'rule', needsReview: false });
  });

  test('sends all grades to review where the policy has too few marked answers', async () => {
    const result = await gradeAnswer(answer, { provider: sure(1), review: reviewPolicy([]) });
    expect(result).toMatchObject({ reviewReasons: ['outside_policy'] });
  });

  test('asks no model again: a cached or earlier grade is judged by the policy of the run', async () => {
    const cache = new Map<string, string>();
    const provider = { ...sure(0.7), fingerprint: 'p' };
    const first = await gradeAnswers([answer], { provider, cache, review: policy });
    expect(first.results[0]).toMatchObject({ reviewReasons: ['outside_policy'] });
    const second = await gradeAnswers([answer], { provider, cache });
    expect(second.results[0]).toMatchObject({ fromCache: true, needsReview: false });
    const resumed = await gradeAnswers([answer], {
      provider,
      review: reviewPolicy(grades(0.6, 100, 0)),
      resumeFrom: first,
    });
    expect(resumed.results[0]).toMatchObject({ fromCache: true, needsReview: false, reviewReasons: [] });
  });

  test('refuses what is no policy', async () => {
    const run = gradeAnswer(answer, { provider: sure(1), review: { ...policy, acceptFrom: 2 } });
    await expect(run).rejects.toThrow('review.acceptFrom must be a number from 0 to 1: received 2');
  });

  test('is part of the audit record', async () => {
    const options = { provider: sure(1), review: policy };
    const record = auditRecord(await gradeAnswer(answer, options), { options });
    expect(parseAuditRecord(JSON.stringify(record)).options['review']).toMatchObject({
      acceptFrom: 0.8,
      certainty: 0.95,
    });
  });
});

describe('watchPolicy', () => {
  const policy = reviewPolicy(grades(0.8, 100, 0));

  test('knows nothing before people have marked unreviewed grades', () => {
    expect(watchPolicy(policy, grades(0.5, 50, 50))).toMatchObject({
      status: 'unchecked',
      checkedCount: 0,
      evidence: 1,
    });
  });

  test('gives a policy up when too many disagree, and not before', () => {
    expect(watchPolicy(policy, grades(0.9, 100, 5))).toMatchObject({ status: 'holds', checkedCount: 100 });
    const broken = watchPolicy(policy, grades(0.9, 100, 15));
    expect(broken).toMatchObject({ status: 'broken', disagreementCount: 15 });
    expect(broken.message).toMatch(/^The policy no longer holds: 15 of 100/);
    expect(broken.disagreement?.interval.lower).toBeGreaterThan(0.05);
  });

  test('weighs one disagreement and one agreement as worked out by hand', () => {
    const ratios = [0.02, 0.05, 0.1, 0.2, 0.4].map((way) => {
      const rival = 0.05 + way * 0.95;
      return (rival / 0.05) * ((1 - rival) / 0.95);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(watchPolicy(policy, grades(0.9, 2, 1)).evidence).toBeCloseTo(mean, 9);
  });

  test('takes people’s overrides', () => {
    const question = { id: 'ice', prompt: 'Why does ice float?' };
    const confirmed = overrideGrade(gradeOf({ confidence: 0.9, scaledScore: 1 }), { question, scoreGiven: 1 });
    expect(watchPolicy(policy, [confirmed])).toMatchObject({ checkedCount: 1, disagreementCount: 0 });
  });

  test('calls a policy that just holds broken in at most 5 % of runs, however often it is asked', () => {
    const random = seededRandom(7);
    let alarms = 0;
    for (let run = 0; run < 200; run += 1) {
      const marked: MarkedGrade[] = [];
      let isBroken = false;
      for (let count = 0; count < 120; count += 1) {
        const result = gradeOf({ confidence: 0.9, scaledScore: 1 });
        marked.push({ result, humanScore: random() < 0.05 ? 0 : 1, question: String(count) });
        if (count % 10 === 9) isBroken ||= watchPolicy(policy, marked).status === 'broken';
      }
      if (isBroken) alarms += 1;
    }
    expect(alarms).toBeLessThanOrEqual(10);
  });
});
