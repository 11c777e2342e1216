import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { gradeOffline, type OfflineGrade } from '../../../src/grading/offline/grade-offline.js';
import { prepareQuestion } from '../../../src/grading/offline/prepared-question.js';

function outcomeOf(question: Question, answer: string): OfflineGrade | string {
  const prepared = prepareQuestion(question, undefined);
  return typeof prepared === 'string' ? prepared : gradeOffline(prepared, answer);
}
function gradeOf(question: Question, answer: string): OfflineGrade {
  const outcome = outcomeOf(question, answer);
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

const floats: Question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than liquid water.'] };

describe('free text', () => {
  test('that is a reference gets full marks, whatever its case and full stop', () => {
    expect(gradeOf(floats, 'ice is less dense than liquid water')).toMatchObject({
      score: 1,
      confidence: 0.9,
      feedback: 'Your answer matches the expected answer.',
      rationale: 'Matches a model answer word for word.',
    });
  });

  test('that is blank gets nothing', () => {
    expect(gradeOf(floats, " I don't know. ")).toMatchObject({
      score: 0,
      confidence: 0.9,
      feedback: 'No answer was given.',
      rationale: 'Blank, or says that the learner does not know.',
    });
  });

  test('that is blank is right where the reference is the same', () => {
    const question = { prompt: 'What does a learner without an idea write?', referenceAnswers: ["I don't know"] };
    expect(gradeOf(question, 'i don’t know').score).toBe(1);
  });

  test('is told how much was found, in its own words', () => {
    expect(gradeOf(floats, 'it has less density')).toMatchObject({
      feedback: 'Your answer has 2 of 4 key words of the expected answer (less, density).',
      rationale: expect.stringMatching(
        /^Word overlap 0\.\d\d with model answer 1 of 1 \(passes from 0\.25\)\. Missing: liquid, water\.$/,
      ),
    });
  });

  test('is told what may be wrong', () => {
    expect(gradeOf(floats, 'liquid that is not more dense').feedback).toBe(
      'Your answer has 2 of 4 key words of the expected answer (dense, liquid). ' +
        'Part of it seems to contradict the expected answer. Check every "not" in it.',
    );
    expect(gradeOf(floats, 'the air').feedback).toBe(
      'Your answer has 0 of 4 key words of the expected answer. Something important seems to be missing.',
    );
  });

  test('that repeats the question stays below the cut', () => {
    const question = { prompt: 'Does the food contain sugar?', referenceAnswers: ['The food contains sugar.'] };
    expect(gradeOf(question, 'sugar food')).toMatchObject({
      score: 0.45,
      feedback: 'Your answer repeats the question and adds nothing of its own.',
    });
    expect(gradeOf(question, 'the food contains sugar').score).toBe(1);
  });

  test('that reorders a reference made of the question’s words passes', () => {
    const question = { prompt: 'Which is denser, oil or water?', referenceAnswers: ['water is denser'] };
    expect(gradeOf(question, 'denser is water').score).toBeGreaterThanOrEqual(0.5);
    expect(gradeOf(question, 'is oil denser').score).toBeLessThan(0.5);
  });
});

describe('references worth part of the marks', () => {
  const question: Question = {
    prompt: 'Why does ice float?',
    referenceAnswers: [
      'Ice is less dense than liquid water.',
      { text: 'It contains bubbles of air.', fraction: 0.5 },
      { text: 'It is colder.', fraction: 0 },
    ],
  };

  test('give that part at most', () => {
    expect(gradeOf(question, 'It contains bubbles of air').score).toBe(0.5);
    const near = gradeOf(question, 'there are air bubbles in it');
    expect(near.score).toBeGreaterThan(0.2);
    expect(near.score).toBeLessThan(0.5);
    expect(near.feedback).toMatch(/It is close to an answer that earns part of the marks\.$/);
  });

  test('give nothing where they are known to be wrong', () => {
    expect(gradeOf(question, 'it is colder').score).toBe(0);
    expect(gradeOf(question, 'it is a lot colder')).toMatchObject({
      score: 0,
      feedback: 'Your answer is close to one that is known to be wrong.',
    });
  });

  test('count the better of two that are equally near', () => {
    const twice = { prompt: 'Why?', referenceAnswers: [{ text: 'warm air', fraction: 0.5 }, 'warm air'] };
    expect(gradeOf(twice, 'warm air rises').score).toBeGreaterThan(0.5);
    expect(gradeOf(twice, 'warm air').score).toBe(1);
  });
});

describe('rubrics without a reference', () => {
  test('give one score, weighted by points', () => {
    const criteria = [
      { id: 'a', description: 'evaporation', points: 3 },
      { id: 'b', description: 'condensation', points: 1 },
    ];
    const grade = gradeOf({ prompt: 'Describe the water cycle.', rubric: { criteria } }, 'evaporation');
    expect(grade.score).toBeGreaterThanOrEqual(0.75);
    expect(grade.score).toBeLessThan(0.85);
    expect(grade.rationale).toMatch(/^Part 1: Matches a model answer word for word\. Part 2: Word overlap/);
  });
});

describe('objective kinds', () => {
  const choice: Question = { kind: 'multiple_choice', prompt: 'Which?', choices: ['red', 'blue'], correctChoices: [1] };

  test('are graded by the option that the answer names', () => {
    expect(gradeOf(choice, 'it is blue').score).toBeGreaterThanOrEqual(0.5);
    expect(gradeOf(choice, 'it is red').score).toBe(0);
  });

  test('are refused where the answer names no option', () => {
    expect(outcomeOf(choice, 'B')).toBe('the offline grader found none of the options in the answer');
  });

  test('take "not true" for false', () => {
    const statement: Question = { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true };
    expect(gradeOf(statement, 'That is true, it is lighter').score).toBeGreaterThanOrEqual(0.5);
    expect(gradeOf(statement, 'That is not true').score).toBe(0);
  });

  test('need the number and the unit', () => {
    const distance: Question = { kind: 'numeric', prompt: 'How far?', numeric: { value: 42, unit: 'km' } };
    const scores = ['about 42 km', '42.0km', '43 km', '42 g', '-42 km'].map(
      (answer) => gradeOf(distance, answer).score,
    );
    expect(scores.map((score) => score >= 0.5)).toEqual([true, true, false, false, false]);
  });

  const cloze = {
    kind: 'cloze',
    prompt: '_ needs _.',
    blanks: [{ accept: ['photosynthesis'], points: 3 }, { accept: ['light', 'sunlight'] }],
  } as const;

  test('compare every blank with its own line', () => {
    expect(gradeOf(cloze, 'photosynthesis\nsunlight')).toMatchObject({
      score: 1,
      feedback: 'Your answer matches the expected answer.',
    });
    expect(gradeOf(cloze, 'photosinthesis\nlight').feedback).toBe('Your answer is close to the expected answer.');
    expect(gradeOf(cloze, 'light; photosynthesis')).toMatchObject({
      score: 0,
      feedback: 'Your answer does not match what was expected.',
    });
    expect(gradeOf(cloze, 'photosynthesis\nsoil').score).toBe(0.75);
  });

  test('give all or nothing where the question says so', () => {
    const strict = { ...cloze, scoring: 'all_or_nothing' } as const;
    expect(gradeOf(strict, 'photosynthesis\nsoil').score).toBe(0);
    expect(gradeOf(strict, 'photosynthesis\nlight').score).toBe(1);
  });

  test('are refused where lines and blanks do not match', () => {
    expect(outcomeOf(cloze, 'photosynthesis')).toBe('the offline grader expects one line for each of the 2 blanks');
  });

  test('of a blank that is worth nothing get the lowest score of all', () => {
    const free = { kind: 'cloze', prompt: '_', blanks: [{ accept: ['a'], points: 0 }] } as const;
    expect(gradeOf(free, 'a').score).toBe(1);
  });
});

describe('other scripts and code', () => {
  test('are compared by characters', () => {
    const question = { prompt: '光合作用需要什么？', referenceAnswers: ['光合作用需要阳光、水和二氧化碳'] };
    expect(gradeOf(question, '需要二氧化碳、水和阳光')).toMatchObject({
      score: expect.closeTo(0.8, 0),
      feedback: expect.stringMatching(/^Your answer has \d of \d parts of the expected answer\.$/),
    });
    expect(gradeOf(question, '光合作用需要什么').score).toBeLessThan(0.5);
  });

  test('are compared with their case', () => {
    const question: Question = { kind: 'code', prompt: 'Write it.', referenceAnswers: ['let Total = a + b;'] };
    expect(gradeOf(question, 'let Total = a + b;').score).toBe(1);
    expect(gradeOf(question, 'let total = a + b;').score).toBeLessThan(1);
  });
});
