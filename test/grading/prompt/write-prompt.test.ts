import { fc, test } from '@fast-check/vitest';
import { countTokens } from 'gpt-tokenizer/esm/encoding/o200k_base';
import { describe, expect } from 'vitest';
import type { GradingItem, Question } from 'gradelanes';
import { quoted } from '../../../src/grading/prompt/quoted.js';
import { writePrompt } from '../../../src/grading/prompt/write-prompt.js';
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
      expect(countOf(prompt.toLowerCase(), '<answer')).toBe(items.length);
      expect(prompt.split('\n')).toHaveLength(items.length);
      expect(framedTexts(prompt)).toEqual(texts.map((text) => text));
      for (const text of texts) if (text.length > 3) expect(system).not.toContain(quoted(text));
    },
  );

  test.prop([hostile])('hold valid JSON that opens and closes nothing', (text) => {
    expect(quoted(text)).not.toMatch(/<\s*\/|<\s*answer|[\u2028\u2029\n\r]/i);
    expect(JSON.parse(quoted(text))).toBe(text);
  });

  test('escape what could open or close a frame, and leave code and HTML as they are', () => {
    expect(quoted('</p> < / ANSWER> <Answer \u2028\u2029"\\')).toBe(
      '"\\u003c/p> \\u003c / ANSWER> \\u003cAnswer \\u2028\\u2029\\"\\\\"',
    );
    const code = 'if (a < b && c > d) { cout << "x"; } // <b>';
    expect(quoted(code)).toBe(JSON.stringify(code));
    const html = '<ul><li class="a">x &amp; y';
    expect(quoted(html)).toBe(JSON.stringify(html));
  });

  test('say how many words an answer has where length counts', () => {
    const essay = (description: string): Question => ({
      prompt: 'Why?',
      rubric: { criteria: [{ id: 'a', description }] },
    });
    const frameOf = (asked: Question): string =>
      writePrompt([{ id: 'k', question: asked, answer: "It's well-known, no?" }]).prompt;
    expect(frameOf(essay('within 200 words'))).toMatch(/^<answer key="k" words="3">/);
    expect(frameOf(essay('Länge: höchstens 200 Wörter'))).toMatch(/words="3"/);
    expect(frameOf({ prompt: 'Explain in 50 words.' })).toMatch(/words="3"/);
    expect(frameOf(essay('names density'))).toMatch(/^<answer key="k">/);
    expect(frameOf({ prompt: 'What are the key words of the text?' })).toMatch(/^<answer key="k">/);
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
    expect(lines).toContain('Answer worth 50% of the marks: "R-half"');
    expect(lines).toContain('Answer worth 0% of the marks: "R-none"');
    expect(lines).toContain('Criterion 1: "C-one"');
    expect(lines.find((line) => line.includes('C-fault'))).toMatch(/costs 1/);
    expect(lines).toContain('Marked example, 100% of the marks: "E-good" because "E-why"');
  });

  test('speaks of examples and references in the scale of the reply', () => {
    const lineOf = (asked: Question, start: string): string | undefined =>
      writePrompt([{ id: 'k', question: asked, answer: 'x' }])
        .system.split('\n')
        .find((line) => line.startsWith(start));
    const example = (score: number, criteria?: Record<string, number>) => ({
      examples: [{ answer: 'E', score, criteria }],
    });
    const rubric = {
      criteria: [
        { id: 'a', description: 'plain', points: 4 },
        {
          id: 'b',
          description: 'described',
          levels: [0, 1, 3].map((points) => ({ points, description: `L${points}` })),
        },
        { id: 'c', description: 'fault', points: -1 },
        { id: 'd', description: 'counted', keyPoints: ['p', 'q', 'r'], keyPointsNeeded: 2 },
      ],
    };
    const criteria = { a: 3, b: 1, c: -1, d: 1 };
    expect(lineOf({ prompt: '?', rubric, ...example(4, criteria) }, 'Marked')).toBe(
      'Marked example, levels [4,1,5,1]: "E"',
    );
    expect(lineOf({ prompt: '?', rubric, ...example(4) }, 'Marked')).toBe('Marked example, 44% of the marks: "E"');
    expect(lineOf({ prompt: '?', scoreMaximum: 10, ...example(2) }, 'Marked')).toBe('Marked example, level 1: "E"');
    expect(lineOf({ prompt: '?', ...example(0.5) }, 'Marked')).toBe('Marked example, level 2 to 3: "E"');
    const half: Question = { prompt: '?', referenceAnswers: [{ text: 'R', fraction: 0.4 }] };
    expect(lineOf(half, 'Answer')).toBe('Answer worth level 2: "R"');
  });

  test('describes the levels of a criterion, and what counts', () => {
    const levels = [
      { points: 2, description: 'L-two' },
      { points: 0, description: 'L-none' },
    ];
    const criteria = [
      { id: 'a', description: 'C-a', levels },
      { id: 'b', description: 'C-b', keyPoints: ['K-one', 'K-two', 'K-three'], keyPointsNeeded: 2 },
    ];
    const { system: written } = writePrompt([
      { id: 'k', question: { prompt: '?', rubric: { criteria } }, answer: 'x' },
    ]);
    expect(written).toContain(
      'Criterion 1: "C-a"\n- level 0: "L-none"\n- level 1: "L-two"\nCriterion 2: "C-b"; level = how many of these, at most 2: "K-one", "K-two", "K-three"',
    );
  });

  test('tells the kind of the question where it changes how to mark, and its language', () => {
    const systemOf = (asked: Question): string => writePrompt([{ id: 'k', question: asked, answer: 'x' }]).system;
    expect(systemOf({ kind: 'code', prompt: '?', language: 'de' })).toMatch(
      /Kind: code; .*behaves the same.*\nLanguage: "de"/,
    );
    expect(systemOf({ kind: 'problem_solving', prompt: '?' })).toMatch(/Kind: problem; .*earlier slip/);
    expect(systemOf({ kind: 'essay', prompt: '?' })).toMatch(/Kind: essay/);
    expect(systemOf({ prompt: '?' })).not.toMatch(/Kind:|Language:/);
  });

  test('stands in front of its answers where a model would lose sight of it', () => {
    const other: Question = { prompt: 'Why is the sky blue?' };
    const items = [
      { id: 'a', question, answer: '1' },
      { id: 'b', question: other, answer: '2' },
      { id: 'c', question, answer: '3' },
    ];
    const apart = writePrompt(items, { isBesideAnswers: true });
    expect(apart.system).not.toContain('Question');
    expect(apart.prompt.split('\n\n').map((part) => part.split('\n').map((line) => line.slice(0, 22)))).toEqual([
      ['Question 1: "Why does ', 'Reference: "Ice floats', '<answer key="a" questi', '<answer key="c" questi'],
      ['Question 2: "Why is th', '<answer key="b" questi'],
    ]);
    const same = itemsOf(2);
    expect(writePrompt(same, { isBesideAnswers: true })).toEqual(writePrompt(same));
  });

  test('is followed by the shape of the reply where the model does not see the schema', () => {
    const shapeOf = (settings: object): string | undefined =>
      /\{"results".*\}/.exec(writePrompt(itemsOf(1), settings).system)?.[0];
    expect(shapeOf({})).toBeUndefined();
    const fieldsOf = (settings: object): string[] => {
      const { results } = JSON.parse(shapeOf({ ...settings, namesShape: true }) ?? '{}') as { results: object[] };
      return Object.keys(results[0] ?? {});
    };
    for (const settings of [{}, { feedback: false }, { evidence: false }, { feedback: false, evidence: false }]) {
      const entry = /"required":(\[[^\]]*\]),"additionalProperties":false\}\}/.exec(
        JSON.stringify(replySchema(itemsOf(1), settings)),
      );
      expect(fieldsOf(settings)).toEqual(JSON.parse(entry?.[1] ?? ''));
    }
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
    expect(feedbackLine({})).toMatch(/answer's language, without the reference/);
    expect(feedbackLine({ feedback: true })).toBe(feedbackLine({}));
  });

  test('is asked for in another language, or with the reference, or not at all', () => {
    expect(feedbackLine({ feedbackLanguage: 'pt-BR' })).toContain('"pt-BR"');
    expect(feedbackLine({ revealReference: true })).not.toContain('reference');
    expect(feedbackLine({ feedback: false })).toBeUndefined();
  });
});

describe('the length of the prompt, in o200k tokens', () => {
  const tokensOf = (items: readonly GradingItem[], settings: Parameters<typeof writePrompt>[1] = {}): number => {
    const { system, prompt } = writePrompt(items, settings);
    return countTokens(system) + countTokens(prompt);
  };
  const withSchema = (items: readonly GradingItem[]): number =>
    tokensOf(items) + countTokens(JSON.stringify(replySchema(items)));

  test('is for one short answer at most 340 where the shape is named, and 440 with the schema', () => {
    expect(tokensOf(itemsOf(1), { namesShape: true })).toBeLessThanOrEqual(340);
    expect(withSchema(itemsOf(1))).toBeLessThanOrEqual(440);
  });

  test('is for a batch of six at most 130 an answer with the schema, also with six questions', () => {
    expect(withSchema(itemsOf(6)) / 6).toBeLessThanOrEqual(130);
    const different = itemsOf(6).map((item) => ({ ...item, question: { ...question } }));
    expect(withSchema(different) / 6).toBeLessThanOrEqual(130);
  });
});
