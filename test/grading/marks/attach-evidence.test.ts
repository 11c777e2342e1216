import { describe, expect, test } from 'vitest';
import { gradeAnswer, type GradingProvider, type Question } from 'gradelanes';

const rubric: Question = {
  prompt: 'Why does ice float?',
  rubric: {
    criteria: [
      { id: 'cause', description: 'names density', points: 2 },
      { id: 'fault', description: 'names magic', points: -1 },
    ],
  },
};
const plain: Question = { prompt: 'Why does ice float?' };
const answer = 'Because  ICE is less dense.';

/** A provider that says the same of every answer. */
const saying = (verdict: object): GradingProvider => ({
  grade: async (items) => items.map(({ id }) => ({ id, ...verdict }) as { id: string; score: number }),
});

const criteria = (cause: object, fault: object = { score: 0 }) => ({
  criteria: [
    { id: 'cause', score: 1, ...cause },
    { id: 'fault', ...fault },
  ],
});

describe('the evidence of a grade', () => {
  test('stands beside its criterion, as places in the learner’s own text', async () => {
    const verdict = criteria({ evidence: ['because ice', 'less dense'] }, { score: 0, evidence: [] });
    const result = await gradeAnswer({ question: rubric, answer }, { provider: saying(verdict) });
    expect(result).toMatchObject({
      criteria: [
        {
          id: 'cause',
          scoreGiven: 2,
          evidence: [
            { start: 0, end: 12 },
            { start: 16, end: 26 },
          ],
        },
        { id: 'fault' },
      ],
    });
    expect(result).not.toHaveProperty('criteria.1.evidence');
    expect(result).not.toHaveProperty('evidenceDropped');
    expect(result).not.toHaveProperty('flags');
  });

  test('of a grade without criteria stands in the grade', async () => {
    const provider = saying({ score: 1, evidence: ['less dense'] });
    const result = await gradeAnswer({ question: plain, answer }, { provider });
    expect(result).toMatchObject({ evidence: [{ start: 16, end: 26 }] });
  });

  test('of an answer in several parts counts them as joined by line feeds', async () => {
    const provider = saying({ score: 1, evidence: ['dense'] });
    const result = await gradeAnswer({ question: plain, answer: ['ice', 'is dense'] }, { provider });
    expect(result).toMatchObject({ evidence: [{ start: 7, end: 12 }] });
  });

  test('is dropped, counted and flagged where marks were given for words that are not there', async () => {
    const verdict = criteria({ evidence: ['lighter than water', 'dense'] }, { score: 1, evidence: ['magic'] });
    const result = await gradeAnswer({ question: rubric, answer }, { provider: saying(verdict) });
    expect(result).toMatchObject({ evidenceDropped: 2, flags: ['evidence_not_found'] });
    expect(result).not.toHaveProperty('criteria.1.evidence');
  });

  test('that is not there flags nothing where no marks were given, or other words were found', async () => {
    const verdict = criteria({ evidence: ['lighter', 'dense'] }, { score: 0, evidence: ['magic'] });
    const result = await gradeAnswer({ question: rubric, answer }, { provider: saying(verdict) });
    expect(result).toMatchObject({ evidenceDropped: 2 });
    expect(result).not.toHaveProperty('flags');
  });

  test('is left out on request, and so is what it would flag', async () => {
    const provider = saying({ score: 1, evidence: ['lighter', 'dense'] });
    const result = await gradeAnswer({ question: plain, answer }, { provider, evidence: false });
    for (const field of ['evidence', 'evidenceDropped', 'flags']) expect(result).not.toHaveProperty(field);
  });

  test.each([7, 'dense', [7, null, ' '], { 0: 'dense' }])('is none where a provider says %j', async (evidence) => {
    const result = await gradeAnswer({ question: plain, answer }, { provider: saying({ score: 1, evidence }) });
    expect(result).toMatchObject({ scaledScore: 1 });
    for (const field of ['evidence', 'evidenceDropped', 'flags']) expect(result).not.toHaveProperty(field);
  });
});
