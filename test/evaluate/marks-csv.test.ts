import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { marksToCsv, overrideGrade, parseMarksCsv, toAgsScore } from 'gradelanes/evaluate';
import type { FailedAnswer } from 'gradelanes';
import { gradeOf } from './graded-answers.js';

const failed: FailedAnswer = {
  ...{ status: 'failed', index: 1, answerId: 'a2', attempts: 1, durationMs: 1, queuedMs: 0 },
  error: { code: 'network', message: 'no reply', scope: 'call', retryable: true },
};

describe('toAgsScore', () => {
  const timestamp = new Date('2026-12-01T10:00:00Z');
  test('a grade that stands is final, with the feedback as its comment', () => {
    expect(toAgsScore(gradeOf({ feedback: 'Well done.' }), { userId: '7', timestamp })).toEqual({
      ...{ userId: '7', scoreGiven: 1, scoreMaximum: 1, comment: 'Well done.', timestamp: '2026-12-01T10:00:00.000Z' },
      ...{ activityProgress: 'Completed', gradingProgress: 'FullyGraded' },
    });
  });

  test('a grade that needs a review waits for a person, and its score goes out only where asked', () => {
    const doubtful = gradeOf({ needsReview: true, reviewReasons: ['outside_policy'] });
    const message = toAgsScore(doubtful, { userId: '7', timestamp });
    expect(message).toMatchObject({ gradingProgress: 'PendingManual', activityProgress: 'Submitted' });
    expect(message).not.toHaveProperty('scoreGiven');
    expect(toAgsScore(doubtful, { userId: '7', showPending: true })).toMatchObject({
      scoreGiven: 1,
      gradingProgress: 'PendingManual',
    });
  });

  test('a failed answer has no score', () => {
    const message = toAgsScore(failed, { userId: '7', timestamp });
    expect(message).toMatchObject({ gradingProgress: 'Failed', comment: '' });
    expect(message).not.toHaveProperty('scoreGiven');
  });

  test('a person’s word is final, from when it was given', () => {
    const question = { prompt: 'Why?' };
    const override = overrideGrade(failed, { question, scoreGiven: 1, at: timestamp });
    expect(toAgsScore(override, { userId: '7' })).toMatchObject({
      gradingProgress: 'FullyGraded',
      timestamp: timestamp.toISOString(),
    });
  });

  test('needs a learner', () => {
    expect(() => toAgsScore(failed, { userId: '' })).toThrow('userId must be the platform’s id of the learner');
  });
});

describe('marks as CSV', () => {
  test('a failed answer has no marks, never 0', () => {
    const [, line] = marksToCsv([failed]).split('\r\n');
    expect(line).toBe('a2,,failed,,,,,,no reply');
    expect(parseMarksCsv(marksToCsv([failed]))[0]).toEqual({
      answerId: 'a2',
      other: { status: 'failed', isCorrect: '', needsReview: '', reviewReasons: '', feedback: 'no reply' },
    });
  });

  test.each(['=HYPERLINK("http://evil")', '+1', '-1+2', '@SUM(A1)', '\t=1', '＝1', "'=1"])(
    'no spreadsheet runs %j as a formula',
    (feedback) => {
      const csv = marksToCsv([gradeOf({ feedback })]);
      const cell = csv.split('\r\n')[1]?.split(',').slice(8).join(',').replace(/^"|"$/g, '');
      expect(cell).toMatch(/^'/);
      expect(parseMarksCsv(csv)[0]?.other['feedback']).toBe(feedback);
    },
  );

  const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', '=', "'", '\t', 'é', ' ', '-') });
  test.prop([
    fc.array(
      fc.record({
        answerId: text.filter((id) => id !== ''),
        feedback: text,
        score: fc.double({ min: 0, max: 9, noNaN: true }),
      }),
    ),
  ])('whatever is written is read back', (rows) => {
    const results = rows.map(({ answerId, feedback, score }) => gradeOf({ answerId, feedback, scoreGiven: score }));
    const read = parseMarksCsv(marksToCsv(results));
    expect(
      read.map((row) => ({ answerId: row.answerId, feedback: row.other['feedback'], score: row.scoreGiven })),
    ).toEqual(rows);
  });

  test('reads what spreadsheets save: semicolons, decimal commas, other columns and headings', () => {
    const csv = '\ufeffAnswer ID;Score_Given;Marker\r\na1;0,5;"Ada; Lovelace"\r\n\r\na2;;""\r\n';
    expect(parseMarksCsv(csv)).toEqual([
      { answerId: 'a1', scoreGiven: 0.5, other: { Marker: 'Ada; Lovelace' } },
      { answerId: 'a2', other: { Marker: '' } },
    ]);
    expect(parseMarksCsv('')).toEqual([]);
  });

  test.each([
    ['answerId,scoreGiven\na1,much', 'line 2, scoreGiven must be a number'],
    ['answerId\na1,2', 'line 2 must have at most 1 cells: received 2'],
    ['answerId\n"a1', 'line 2 must end every quote that it begins'],
    ['answerId,scoreGiven\n"two\nlines",1\na2,x', 'line 4, scoreGiven must be a number'],
  ])('names the line that breaks a rule: %j', (csv, message) => {
    expect(() => parseMarksCsv(csv)).toThrow(message);
  });
});
