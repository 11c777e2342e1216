import { fc, test } from '@fast-check/vitest';
import { countTokens } from 'gpt-tokenizer/esm/encoding/o200k_base';
import { describe, expect } from 'vitest';
import type { GradingItem, Question } from 'gradelanes';
import { quoted, writePrompt } from '../../../src/grading/prompt/write-prompt.js';
import { replySchema } from '../../../src/grading/prompt/reply-schema.js';

const question: Question = {
  prompt: 'Why does ice float on water?',
  referenceAnswers: ['Ice floats because it is less dense than liquid water.'],
};
const answer = 'because ice weighs less than the same amount of water';

/** So many answers to one question, with keys as the engine makes them. */
function itemsOf(count: number, change: Partial<GradingItem> = {}): GradingItem[] {
  return Array.from({ length: count }, (_, index) => ({ id: `k${index}x7q2`, question, answer, ...change }));
}

/** The learners' texts, read back out of their frames. */
function framedTexts(prompt: string): string[] {
  return [...prompt.matchAll(/<answer key="[^"]*"[^>]*>(.*)<\/answer>/g)].map(([, json = '']) =>
    String(JSON.parse(json)),
  );
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

describe('the frames of the learners’ texts', () => {
  test('are one line each, in input order, with the keys of the call', () => {
    const [first, second] = itemsOf(2);
    if (first === undefined || second === undefined) throw new Error('two items were made');
    const { prompt } = writePrompt([first, { ...second, answer: 'two\nlines' }]);
    expect(prompt.split('\n')).toEqual([
      `<answer key="k0x7q2">"${answer}"</answer>`,
      '<answer key="k1x7q2">"two\\nlines"</answer>',
    ]);
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc
      .array(
        fc.constantFrom(
          '<answer key="k0x7q2">',
          '</answer>',
          '<',
          '>',
          '&lt;',
          '\\u003c',
          '"',
          '\\',
          '\n',
          '\u2028',
          '\ud800',
          '\0',
        ),
      )
      .map((parts) => parts.join('')),
  );

  test.prop([fc.array(hostile, { minLength: 1, maxLength: 8 })], { numRuns: 500 })(
    'are as many as the items for any text, and each text reads back as it was',
    (texts) => {
      const items = texts.map((text, index) => ({ id: `k${index}`, question, answer: text }));
      const { system, prompt } = writePrompt(items);
      expect(countOf(prompt, '<answer key=')).toBe(items.length);
      expect(countOf(prompt, '</answer>')).toBe(items.length);
      expect(countOf(prompt, '<')).toBe(2 * items.length);
      expect(prompt.split('\n')).toHaveLength(items.length);
      expect(framedTexts(prompt)).toEqual(texts.map((text) => text));
      for (const text of texts) if (text.length > 3) expect(system).not.toContain(quoted(text));
    },
  );

  test.prop([fc.string({ unit: 'binary' })])('hold valid JSON without a character that XML or HTML knows', (text) => {
    expect(quoted(text)).not.toMatch(/[<>&\u2028\u2029\n\r]/);
    expect(JSON.parse(quoted(text))).toBe(text);
  });

  test('escape each character that could open or close anything', () => {
    expect(quoted('<>&\u2028\u2029"\\')).toBe('"\\u003c\\u003e\\u0026\\u2028\\u2029\\"\\\\"');
  });

  test('name the question where there are several', () => {
    const other: Question = { prompt: 'Why is the sky blue?' };
    const items = [
      { id: 'a', question, answer: '1' },
      { id: 'b', question: other, answer: '2' },
      { id: 'c', question, answer: '3' },
    ];
    const { system, prompt } = writePrompt(items);
    expect(prompt).toBe(
      '<answer key="a" question="1">"1"</answer>\n<answer key="b" question="2">"2"</answer>\n<answer key="c" question="1">"3"</answer>',
    );
    expect(system).toContain('Question 1: "Why does ice float on water?"');
    expect(system).toContain('Question 2: "Why is the sky blue?"');
    expect(countOf(system, 'Why does ice float')).toBe(1);
  });
});

describe('what comes from the teacher', () => {
  const full: Question = {
    prompt: 'P-prompt',
    referenceAnswers: [
      'R-full',
      { text: 'R-half', fraction: 0.5 },
      { text: 'R-none', fraction: 0 },
      { text: 'R-whole', fraction: 1 },
    ],
    rubric: {
      criteria: [
        { id: 'c1', description: 'C-one', points: 2 },
        { id: 'c2', description: 'C-fault', points: -1 },
      ],
    },
    scoreMaximum: 2,
    graderInfo: 'N-notes',
    misconceptions: [
      { id: 'm1', description: 'M-cold' },
      { id: 'm2', description: 'M-air', feedback: 'M-hint' },
    ],
    examples: [
      { answer: 'E-good', score: 2, comment: 'E-why' },
      { answer: 'E-bad', score: 0 },
    ],
  };
  const { system, prompt } = writePrompt([{ id: 'k', question: full, answer: 'x', context: 'K-card' }], {
    instructions: 'I-strict',
  });

  test('is all in the system part, each thing once', () => {
    for (const part of [
      'P-prompt',
      'R-full',
      'R-half',
      'R-none',
      'C-one',
      'C-fault',
      'N-notes',
      'M-cold',
      'M-air',
      'M-hint',
      'E-good',
      'E-why',
      'E-bad',
      'I-strict',
      'K-card',
    ]) {
      expect(countOf(system, part), part).toBe(1);
      expect(prompt, part).not.toContain(part);
    }
  });

  test('says what each reference and example is worth, and what a fault costs', () => {
    const lines = system.split('\n');
    expect(lines).toContain('Reference: "R-full"');
    expect(lines).toContain('Reference: "R-whole"');
    expect(lines).toContain('Answer worth 50%: "R-half"');
    expect(lines).toContain('Answer worth 0%: "R-none"');
    expect(lines).toContain('Criterion 1: "C-one"');
    expect(lines.find((line) => line.includes('C-fault'))).toMatch(/costs 1/);
    expect(lines).toContain('Marked example, 2 of 2 points: "E-good" because "E-why"');
  });

  test('begins with what never changes, so that vendors can cache it', () => {
    const [a, b] = [writePrompt(itemsOf(1)), writePrompt(itemsOf(6, { answer: 'another' }))];
    expect(a.system).toBe(b.system);
    expect(system.slice(0, 400)).toBe(a.system.slice(0, 400));
  });

  test('holds material that all questions share once, and material of its own beside its question', () => {
    const other: Question = { prompt: 'Another?' };
    const shared = writePrompt([
      { id: 'a', question, answer: '1', context: 'the card' },
      { id: 'b', question: other, answer: '2', context: 'the card' },
    ]);
    expect(countOf(shared.system, 'the card')).toBe(1);
    const apart = writePrompt([
      { id: 'a', question, answer: '1', context: 'card A' },
      { id: 'b', question: other, answer: '2', context: 'card B' },
    ]);
    expect(apart.system.indexOf('card A')).toBeGreaterThan(apart.system.indexOf('Question 1'));
    expect(apart.system.indexOf('card B')).toBeGreaterThan(apart.system.indexOf('Question 2'));
  });

  test('is left out where it is empty', () => {
    const { system: bare } = writePrompt(
      [{ id: 'k', question: { prompt: 'Why?', graderInfo: '' }, answer: 'x', context: '' }],
      {
        instructions: '',
      },
    );
    for (const label of ['Material:', 'Notes:', 'Marking instructions:']) expect(bare).not.toContain(label);
  });

  const text = fc.constantFrom('</answer>', '<answer key="k">', 'line\nbreak', '\u2028', '"quoted"');

  test.prop([text, text, text])('cannot open or close a frame either', (first, second, third) => {
    const evil: Question = {
      kind: 'numeric',
      prompt: first,
      numeric: { value: 1, unit: second },
      referenceAnswers: [third, { text: first, fraction: 0.5 }],
      rubric: { criteria: [{ id: first, description: second }] },
      graderInfo: third,
      misconceptions: [{ id: first, description: second, feedback: third }],
      examples: [{ answer: first, score: 1, comment: second }],
    };
    const written = writePrompt([{ id: 'k', question: evil, answer: 'x', context: first }], {
      instructions: second,
      feedbackLanguage: third,
    });
    expect(countOf(written.system, '<answer key=')).toBe(0);
    expect(countOf(written.system, '</answer>')).toBe(0);
    const calm = writePrompt(
      [{ id: 'k', question: { ...evil, numeric: { value: 1, unit: 'm' } }, answer: 'x', context: 'x' }],
      {
        instructions: 'x',
      },
    );
    expect(written.system.split('\n')).toHaveLength(calm.system.split('\n').length);
  });
});

describe('feedback', () => {
  const feedbackLine = (options: Parameters<typeof writePrompt>[1]): string | undefined =>
    writePrompt(itemsOf(1), options)
      .system.split('\n')
      .find((line) => line.startsWith('feedback:'));

  test('is asked for in the learner’s language and without the reference', () => {
    expect(feedbackLine({})).toMatch(/answer's language.*not revealing the reference/);
    expect(feedbackLine({ feedback: true })).toBe(feedbackLine({}));
  });

  test('is asked for in another language, or with the reference, or not at all', () => {
    expect(feedbackLine({ feedbackLanguage: 'pt-BR' })).toContain('"pt-BR"');
    expect(feedbackLine({ revealReference: true })).not.toContain('reference');
    expect(feedbackLine({ feedback: false })).toBeUndefined();
  });
});

describe('the length of the prompt, in o200k tokens', () => {
  const schemaTokens = countTokens(JSON.stringify(replySchema(true)));
  const tokensOf = (items: readonly GradingItem[]): number => {
    const { system, prompt } = writePrompt(items);
    return countTokens(system) + countTokens(prompt);
  };

  test('is for one short answer at most 300, and 400 with the schema', () => {
    expect(tokensOf(itemsOf(1))).toBeLessThanOrEqual(300);
    expect(tokensOf(itemsOf(1)) + schemaTokens).toBeLessThanOrEqual(400);
  });

  test('is for a batch of six at most 125 an answer with the schema, also with six questions', () => {
    expect((tokensOf(itemsOf(6)) + schemaTokens) / 6).toBeLessThanOrEqual(125);
    const different = itemsOf(6).map((item) => ({ ...item, question: { ...question } }));
    expect((tokensOf(different) + schemaTokens) / 6).toBeLessThanOrEqual(125);
  });

  test('leaves a filled reply at most 90 tokens', () => {
    const reply = {
      results: [
        {
          key: 'k0x7q2',
          why: 'States that ice weighs less than the same amount of water, which is lower density; right and complete; no wrong claims, wording informal but clear.',
          feedback:
            'Well done: you saw that the same amount of ice weighs less than water. Try to use the word density next time.',
          levels: [4],
          confidence: 85,
          flags: [],
        },
      ],
    };
    expect(countTokens(JSON.stringify(reply))).toBeLessThanOrEqual(90);
  });
});
