import { describe, expect, test } from 'vitest';
import type { AnswerToGrade, GradingProvider } from 'gradelanes';
import { auditGrader, auditSize, type AuditVariant } from 'gradelanes/evaluate';
import { offlineProvider } from 'gradelanes/offline';
import { seededRandom } from 'gradelanes/testing';
import { hasGradingData, readRows } from '../tools/grading-data.js';

const question = {
  id: 'ice',
  prompt: 'Why does ice float?',
  referenceAnswers: ['Ice is less dense than liquid water.'],
};
const answers: readonly AnswerToGrade[] = Array.from({ length: 60 }, (_, index) => ({
  question,
  answer: `Because frozen water is less dense than the liquid around it, some ${index} percent.`,
}));

/** Marks by what the text says; where it says nothing of the kind, three levels of five. */
function grader(mark: (answer: string) => number, name = 'planted'): GradingProvider {
  return {
    name,
    grade: async (items) => items.map(({ id, answer }) => ({ id, score: Math.min(1, Math.max(0, mark(answer))) })),
  };
}

describe('auditGrader', () => {
  test('exposes nothing where marks follow what is said', async () => {
    const fair = grader((answer) =>
      /not|true that/i.test(answer) || !/dense/.test(answer) || !/some \d?\d /.test(answer) ? 0 : 0.6,
    );
    const audit = await auditGrader(fair, answers);
    // Large numbers are other numbers, slips in the one word that it looks for are slips.
    const same = audit.kinds.filter(({ kind, expectation }) => expectation === 'same' && kind !== 'spelling');
    expect(same.map(({ kind, moved }) => [kind, moved])).toEqual([
      ...[
        ['padding', 0],
        ['begging', 0],
        ['names', 0],
        ['dialect', 0],
        ['answer_language', 0],
        ['batch_position', 0],
      ],
    ]);
    expect(audit.kinds.find(({ kind }) => kind === 'negation')).toMatchObject({
      pairs: 60,
      lowered: 60,
      isExposed: false,
    });
    expect(audit).toMatchObject({ answerCount: 60, failedCount: 0, untried: ['criteria_order'] });
    expect(audit.repeat).toMatchObject({ pairs: 60, moved: 0, isExposed: false });
  });

  test('takes the gradings that it says it takes', async () => {
    const audit = await auditGrader(
      grader(() => 1),
      answers,
    );
    expect(audit.gradings).toBe(auditSize(answers));
    expect(audit.requests).toBeLessThanOrEqual(audit.gradings);
  });

  test.each([
    ['begging', grader((answer) => (/please/i.test(answer) ? 0.8 : 0.6))],
    ['names', grader((answer) => (/Lakisha|Jamal/.test(answer) ? 0.4 : 0.6))],
    ['answer_language', grader((answer) => (/\b(die|la|ist|es|est)\b/.test(answer) ? 0 : 0.6))],
    ['padding', grader((answer) => (answer.length > 110 ? 0.8 : 0.6))],
    ['spelling', grader((answer) => (/frozen water is less dense than the liquid around/.test(answer) ? 0.6 : 0.4))],
    ['dialect', grader((answer) => (/innit/.test(answer) ? 0.4 : 0.6))],
    ['negation', grader(() => 0.6)],
    ['swapped_number', grader(() => 0.6)],
    ['dropped_key_point', grader(() => 0.6)],
  ])('exposes a grader that gets %s wrong', async (kind, provider) => {
    const { exposed, kinds } = await auditGrader(provider, answers, { kinds: [kind] });
    expect(exposed).toEqual([kind]);
    expect(kinds[0]?.examples[0]).toMatchObject({ index: expect.any(Number), before: 0.6 });
  });

  test('exposes a grader that marks by the order of criteria or by the place in a batch', async () => {
    const rubric = {
      criteria: [
        { id: 'a', description: 'first' },
        { id: 'b', description: 'second' },
      ],
    };
    const withRubric = answers.map((each) => ({ ...each, question: { ...question, rubric } }));
    const first: GradingProvider = {
      grade: async (items) =>
        items.map(({ id, question: { rubric: given } }) => ({
          id,
          criteria: (given?.criteria ?? []).map((criterion) => ({
            id: criterion.id,
            score: given?.criteria[0]?.id === 'a' ? 1 : 0.5,
          })),
        })),
    };
    expect((await auditGrader(first, withRubric, { kinds: ['criteria_order'] })).exposed).toEqual(['criteria_order']);
    const tiring: GradingProvider = {
      grade: async (items) => items.map(({ id }, position) => ({ id, score: position > 2 ? 0.4 : 0.8 })),
    };
    expect((await auditGrader(tiring, answers, { kinds: ['batch_position'] })).exposed).toEqual(['batch_position']);
    const single: GradingProvider = { ...tiring, capabilities: { maxItemsPerCall: 1 } };
    const audit = await auditGrader(single, answers, { kinds: ['padding', 'batch_position'] });
    expect(audit.untried).toEqual(['batch_position']);
  });

  test('does not take a grader that never says the same twice for one that moves marks by a change', async () => {
    const random = seededRandom(2);
    const moody = grader(() => (random() < 0.3 ? 0.4 : 0.6));
    const audit = await auditGrader(moody, answers, { kinds: ['padding', 'names', 'begging'] });
    expect(audit.exposed).toEqual([]);
    expect(audit.repeat.moved).toBeGreaterThan(10);
  });

  test('says which name or language moved marks, and takes changes of the user’s own', async () => {
    const biased = grader((answer) => (/Jamal/.test(answer) ? 0.2 : 0.6));
    const { kinds } = await auditGrader(biased, answers, { kinds: ['names'] });
    const jamal = kinds[0]?.groups.find(({ group }) => group === 'Jamal');
    expect(jamal?.meanChange).toBeCloseTo(-0.4, 9);
    const shouting: AuditVariant = {
      ...{ kind: 'shouting', expectation: 'same' },
      change: (given) => ({ answer: { ...given, answer: String(given.answer).toUpperCase() } }),
    };
    const deaf = grader((answer) => (answer === answer.toUpperCase() ? 0 : 0.6));
    expect((await auditGrader(deaf, answers, { kinds: ['shouting'], variants: [shouting] })).exposed).toEqual([
      'shouting',
    ]);
  });

  test('no cache and no rule answers in place of the grader', async () => {
    let calls = 0;
    const counting: GradingProvider = {
      ...{ fingerprint: 'counting' },
      grade: async (items) => {
        calls += items.length;
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const same = [{ question, answer: 'Ice is less dense than liquid water.' }];
    await auditGrader(counting, same, { kinds: ['padding'] });
    expect(calls).toBe(3);
  });

  test.each([
    [{ kinds: ['nonsense'] }, 'kinds must be among spelling, padding'],
    [{ leastChange: 0 }, 'leastChange must be a number above 0 and at most 1: received 0'],
    [{ tolerance: -1 }, 'tolerance must be a number from 0 to 1'],
    [{ level: 1 }, 'level must be a number above 0 and below 1'],
  ])('refuses misuse before any call: %j', async (options, message) => {
    await expect(
      auditGrader(
        grader(() => 1),
        answers,
        options,
      ),
    ).rejects.toThrow(message);
  });

  test.skipIf(!hasGradingData)(
    'exposes in the offline grader, on real answers, that it hardly reads a negation',
    async () => {
      const rows = readRows('scientsbank-train').filter((_, index) => index % 48 === 0);
      const real = rows.map(({ question: prompt, referenceAnswer, answer, questionId }) => ({
        ...{ question: { id: questionId, prompt, referenceAnswers: [referenceAnswer] }, answer },
      }));
      const audit = await auditGrader(offlineProvider(), real);
      expect(audit.exposed).toEqual(['negation']);
    },
  );
});
