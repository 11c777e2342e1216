import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { promptGrader, type AnswerToGrade, type GradingOptions, type LLMProvider } from 'gradelanes';
import { gradeKeyFor, hashGradeKey, hashOnTheWeb } from '../../../src/engine/reuse/grade-key.js';
import { bindProviders } from '../../../src/engine/providers/bound-provider.js';
import { resolveOptions } from '../../../src/input/resolve-options.js';
import { question } from '../../sample-answers.js';

const model: LLMProvider = { fingerprint: 'vendor/model-1', generate: async () => '' };
const base: GradingOptions = { provider: model, context: 'the card' };
const answer: AnswerToGrade = { question, answer: 'It is less dense.' };

function keyOf(given: AnswerToGrade, changes: Partial<GradingOptions> = {}): string {
  const options = resolveOptions({ ...base, ...changes });
  return gradeKeyFor(options, bindProviders(options))(given);
}

const asking = (options: Parameters<typeof promptGrader>[1]): Partial<GradingOptions> => ({
  provider: promptGrader(model, options),
});

describe('the key of an answer', () => {
  test.each<[string, Partial<GradingOptions>]>([
    ['provider', { provider: { ...model, fingerprint: 'vendor/model-2' } }],
    ['provider without a fingerprint', { provider: { ...model, fingerprint: undefined } }],
    ['chain of providers', { provider: [model, { ...model, fingerprint: 'other' }] }],
    ['prompt version', asking({ promptVersion: '2' })],
    ['hook on the prompt', asking({ prompt: (draft) => draft })],
    ["prompt grader's own instructions", asking({ instructions: 'Be strict.' })],
    ['instructions', { instructions: 'Be strict.' }],
    ['context', { context: 'another card' }],
    ['feedback', { feedback: false }],
    ['language of the feedback', { feedback: { language: 'fr' } }],
    ['guards', { guards: { maxAnswerCharacters: 100 } }],
    ['local grading', { localGrading: { exactMatch: false } }],
  ])('changes with the %s', (_, changes) => {
    expect(keyOf(answer, changes)).not.toBe(keyOf(answer));
  });

  test.each<[string, AnswerToGrade]>([
    ['text', { ...answer, answer: 'it is less dense.' }],
    ['kind of answer', { ...answer, answer: ['It is less dense.'] }],
    ['prompt', { ...answer, question: { ...question, prompt: 'Why does wood float?' } }],
    ['rubric', { ...answer, question: { ...question, rubric: { criteria: [{ id: 'a', description: 'Density' }] } } }],
    ['references', { ...answer, question: { ...question, referenceAnswers: ['It is less dense.'] } }],
    ['context of the question', { ...answer, question: { ...question, context: 'its own' } }],
    ['passing score', { ...answer, question: { ...question, passingScaledScore: 0.9 } }],
  ])('changes with the %s', (_, changed) => {
    expect(keyOf(changed)).not.toBe(keyOf(answer));
  });

  test.each<[string, AnswerToGrade, Partial<GradingOptions>]>([
    ['who gave it', { ...answer, learnerId: 'amina', id: 'row 7' }, {}],
    ['how fast it is graded', answer, { maxConcurrentTasks: 1, mode: 'sequential', hedge: true, retry: false }],
    ['properties without a value', { ...answer, question: { ...question, rubric: undefined } }, {}],
  ])('does not tell %s', (_, same, changes) => {
    expect(keyOf(same, changes)).toBe(keyOf(answer));
  });

  test('tells a list from a text that looks like it, and halves of surrogate pairs apart', () => {
    const texts = ['["a"]', ['a'], '\u{1F9CA}', '\uD83E', '\uDDCA', '\uFFFD'];
    expect(new Set(texts.map((each) => keyOf({ question, answer: each })))).toHaveLength(texts.length);
  });

  test('stays with the instance of what has no name', () => {
    const nameless: LLMProvider = { generate: async () => '' };
    expect(keyOf(answer, { provider: nameless })).toBe(keyOf(answer, { provider: nameless }));
    expect(keyOf(answer, { provider: { ...nameless } })).not.toBe(keyOf(answer, { provider: nameless }));
    const hook = asking({ prompt: (draft) => draft });
    expect(keyOf(answer, asking({ prompt: (draft) => draft }))).not.toBe(keyOf(answer, hook));
    const named = asking({ prompt: (draft) => draft, promptVersion: '2' });
    expect(keyOf(answer, asking({ prompt: (draft) => draft, promptVersion: '2' }))).toBe(keyOf(answer, named));
  });

  property.prop([fc.shuffledSubarray(['id', 'prompt', 'difficulty', 'rubric'] as const, { minLength: 4 })])(
    'is the same whatever the order of properties',
    (names) => {
      const whole = { id: 'q', prompt: 'Why?', difficulty: 1, rubric: { criteria: [{ id: 'a', description: 'b' }] } };
      const shuffled = Object.fromEntries(names.map((name) => [name, whole[name]]));
      expect(keyOf({ question: { ...whole, ...shuffled }, answer: 'x' })).toBe(keyOf({ question: whole, answer: 'x' }));
      expect(keyOf({ question: shuffled as typeof whole, answer: 'x' })).toBe(keyOf({ question: whole, answer: 'x' }));
    },
  );
});

describe('the hash of a key', () => {
  property.prop([fc.string({ unit: 'binary' })])('is 47 characters that every store takes', async (text) => {
    expect(hashGradeKey(text)).toMatch(/^gk1_[\w-]{43}$/);
    expect(await hashOnTheWeb(text)).toBe(hashGradeKey(text));
  });

  test('is the same on web pages, for half a character too', async () => {
    expect(await hashOnTheWeb('half \ud83d of one')).toBe(hashGradeKey('half \ud83d of one'));
  });

  test('of today is the hash of tomorrow: stored grades are found again', () => {
    expect(hashGradeKey(keyOf(answer))).toMatchInlineSnapshot(`"gk1_OCFbygnYKES-Bpg5_1QdUAQAxKTjnk6sM1CdFEBhjtk"`);
  });
});
