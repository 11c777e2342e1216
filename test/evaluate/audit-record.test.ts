import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswer,
  isGradingOptionsError,
  ProviderError,
  type GradingOptions,
  type GradingProvider,
  type GradingResult,
  type Question,
} from 'gradelanes';
import { auditRecord, overrideGrade, parseAuditRecord, type AuditRecord } from 'gradelanes/evaluate';
import { mockProvider } from 'gradelanes/testing';

const secret = 'sk-not-for-anybody';
const question: Question = {
  id: 'ice',
  prompt: 'Why does ice float?',
  rubric: { criteria: [{ id: 'density', description: 'Says that ice is less dense', points: 2 }] },
};
const recordedAt = new Date('2026-03-01T10:00:00Z');
const answer = { id: 'a1', learnerId: 'learner-amina', question, answer: 'It has a lower density.' };

/** A provider that holds what no record may hold. */
function provider(inner: GradingProvider = mockProvider(1)): GradingProvider & { client: { apiKey: string } } {
  return { ...inner, name: 'vendor', client: { apiKey: secret } };
}

async function record(options: GradingOptions): Promise<AuditRecord> {
  return auditRecord(await gradeAnswer(answer, options), { options, question, recordedAt });
}

describe('auditRecord', () => {
  test('holds what explains a model’s grade', async () => {
    const reporting: GradingOptions['provider'] = {
      name: 'vendor',
      generate: async (_, call) => {
        call.report({ model: 'model-1', requestId: 'req-7', usage: { inputTokens: 600, outputTokens: 40 } });
        return '{"results":[{"why":"names density","levels":[4],"confidence":90}]}';
      },
    };
    const { result, options, ...rest } = await record({ provider: reporting, instructions: 'Be kind.', hedge: false });
    expect(rest).toEqual({
      ...{ format: 'gradelanes-audit', version: 1, recordedAt: '2026-03-01T10:00:00.000Z' },
      ...{ questionId: 'ice', answerId: 'a1', overrides: [], question },
    });
    expect(result).toMatchObject({
      ...{ status: 'graded', gradedBy: 'llm', scoreGiven: 1.6, scoreMaximum: 2, rationale: 'names density' },
      ...{ provider: 'vendor', model: 'model-1', requestId: 'req-7', promptVersion: '2', confidence: 0.9 },
      criteria: [{ id: 'density', scoreGiven: 1.6, scoreMaximum: 2 }],
      usage: { inputTokens: 600, outputTokens: 40 },
    });
    expect(options).toMatchObject({
      ...{ providers: 'vendor', mode: 'auto', instructions: 'Be kind.', batchSize: 6, hedge: false },
      guards: { maxAnswerCharacters: 4_000 },
      localGrading: { rules: true, exactMatch: true, blank: true },
      feedback: { maxCharacters: 500, revealReference: false },
    });
  });

  test('holds every opinion, and who was asked for them', async () => {
    const judge = { ...provider(mockProvider({ score: 0.75, confidence: 0.9 })), name: 'judge' };
    const unsure = provider(mockProvider({ score: 0.5, confidence: 0.2 }));
    const { result, options } = await record({ provider: unsure, samples: { judges: [judge] } });
    expect(result).toMatchObject({ opinions: [{ provider: 'vendor' }, { provider: 'judge', scaledScore: 0.75 }] });
    expect(options).toMatchObject({ judges: 'judge', samples: { count: 2, belowConfidence: 0.7 } });
  });

  test('names the rule that decided', async () => {
    const isTrue: Question = { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true };
    const options = { provider: provider() };
    const result = await gradeAnswer({ question: isTrue, answer: 'true' }, options);
    const { result: recorded } = auditRecord(result, { options, question: isTrue });
    expect(recorded).toMatchObject({ gradedBy: 'rule', rule: expect.stringMatching(/./) });
  });

  test('keeps why an answer was not graded', async () => {
    const failing = mockProvider(new ProviderError('quota', 'used up', { requestId: 'req-9' }));
    const { result } = await record({ provider: [provider(failing), provider(failing)], retry: false });
    expect(result).toMatchObject({ status: 'failed', error: { code: 'quota', message: expect.any(String) } });
    expect(result).not.toHaveProperty('scoreGiven');
  });

  test('lists what people decided, the latest last, beside what the grader said', async () => {
    const options = { provider: provider(mockProvider(0)) };
    const result = await gradeAnswer(answer, options);
    const first = overrideGrade(result, { question, scoreGiven: 1, reviewer: 'A', reason: 'half of it' });
    const second = overrideGrade(first, { question, scoreGiven: 2, reviewer: 'B' });
    const stored = auditRecord(second, { options });
    expect(stored.result).toMatchObject({ scoreGiven: 0 });
    expect(stored.overrides).toMatchObject([
      { scoreGiven: 1, reviewer: 'A', reason: 'half of it' },
      { scoreGiven: 2, reviewer: 'B' },
    ]);
    expect(stored.overrides[1]).not.toHaveProperty('original');
  });

  test('holds no key, no client, no learner and no answer', async () => {
    const options: GradingOptions = {
      provider: provider(),
      controller: createConcurrencyController({ maxConcurrentTasks: 3 }),
      logger: Object.assign({ debug() {}, info() {}, warn() {}, error() {} }, { token: secret }),
      onResult: () => undefined,
    };
    const result = { ...(await gradeAnswer(answer, options)), learnerId: answer.learnerId, token: secret };
    const kept: Question = Object.assign({ learnerId: answer.learnerId }, question);
    const text = JSON.stringify(auditRecord(result, { options, question: kept }));
    for (const hidden of [secret, answer.learnerId, answer.answer, 'client']) expect(text).not.toContain(hidden);
  });

  test('refuses options that no run would take', async () => {
    const result = await gradeAnswer(answer, { provider: provider() });
    expect(() => auditRecord(result, { options: { provider: provider(), batchSize: 0 } })).toThrow('batchSize');
  });
});

describe('parseAuditRecord', () => {
  test('reads back what was written, from JSON and from what came of it', async () => {
    const written = await record({ provider: provider(mockProvider({ score: 0.5, feedback: 'Half.' })) });
    const json = JSON.stringify(written);
    expect(parseAuditRecord(json)).toEqual(JSON.parse(json));
    expect(parseAuditRecord(JSON.parse(json))).toEqual(JSON.parse(json));
  });

  test('leaves out what it does not know', async () => {
    const written = await record({ provider: provider() });
    expect(parseAuditRecord({ ...written, addedLater: secret })).not.toHaveProperty('addedLater');
  });

  test.each([
    ['no JSON', 'record', '{"learner":'],
    ['no record', 'record', 'null'],
    ['another format', 'record.format', '{"version":1}'],
    ['a later version', 'record.version', '{"format":"gradelanes-audit","version":2}'],
  ])('refuses %s', (_, field, json) => {
    expect(() => parseAuditRecord(json)).toThrow(
      expect.toSatisfy((error) => isGradingOptionsError(error) && error.field === field),
    );
    expect(() => parseAuditRecord(json)).not.toThrow('learner');
  });

  test.each([
    ['recordedAt', 'yesterday'],
    ['result.scaledScore', 1.5],
    ['result.gradedBy', 'magic'],
    ['result.usage.inputTokens', '600'],
    ['result.criteria[0].scoreGiven', null],
    ['overrides[0].overriddenAt', ''],
    ['options.mode', ['parallel']],
    ['question', { kind: 'riddle', prompt: 'What?' }],
  ])('names the field %s', async (field, value) => {
    const options = { provider: provider(mockProvider({ criteria: [{ id: 'density', score: 1 }] })) };
    const result = await gradeAnswer(answer, options);
    const graded: GradingResult = { ...result, usage: { inputTokens: 1, outputTokens: 1 } };
    const written = auditRecord(overrideGrade(graded, { question, scoreGiven: 1 }), { options, question });
    const changed: unknown = JSON.parse(JSON.stringify(written));
    change(changed, field.split(/[.[\]]+/).filter(Boolean), value);
    expect(() => parseAuditRecord(changed)).toThrow(
      expect.toSatisfy((error) => isGradingOptionsError(error) && error.field === `record.${field}`),
    );
  });

  test.prop([fc.json()])('never throws anything but a GradingOptionsError', (json) => {
    expect(() => parseAuditRecord(json)).toThrow(expect.toSatisfy(isGradingOptionsError));
  });
});

function change(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  const object = Object(target) as Record<string, unknown>;
  if (rest.length === 0) object[name] = value;
  else change(object[name], rest, value);
}
