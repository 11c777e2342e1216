import { describe, expect, test } from 'vitest';
import type { GradingResult } from 'gradelanes';
import { InFlightAnswers, inFlightAnswersOf, isShareable, LeadingAnswer } from '../../../src/engine/run/in-flight.js';
import { question } from '../../sample-answers.js';

const result = { status: 'graded', index: 0 } as GradingResult;

function lead(inFlight: InFlightAnswers, answer: string | readonly string[], key: string): LeadingAnswer {
  const joined = inFlight.join({ question, answer }, () => key);
  if (!(joined instanceof LeadingAnswer)) throw new Error('it follows another');
  return joined;
}

function follow(inFlight: InFlightAnswers, answer: string, key: string): Promise<GradingResult> {
  const joined = inFlight.join({ question, answer }, () => key);
  if (joined instanceof LeadingAnswer) throw new Error('it leads');
  return joined;
}

describe('answers in flight', () => {
  test('lead where no other is the same, and have no key before that matters', () => {
    const inFlight = new InFlightAnswers();
    const noKey = (): string => {
      throw new Error('asked for');
    };
    expect(inFlight.join({ question, answer: 'ice' }, noKey)).toBeInstanceOf(LeadingAnswer);
    expect(inFlight.join({ question, answer: 'snow' }, noKey)).toBeInstanceOf(LeadingAnswer);
  });

  test('wait for the one that is the same, however many do', async () => {
    const inFlight = new InFlightAnswers();
    const leader = lead(inFlight, 'ice', 'a');
    const followers = [1, 2].map(() => follow(inFlight, 'ice', 'a'));
    inFlight.settle(leader, result);
    expect(await Promise.all(followers)).toEqual([result, result]);
  });

  test('of the same text lead beside each other where their keys differ', async () => {
    const inFlight = new InFlightAnswers();
    const leaders = ['a', 'b', 'c'].map((key) => lead(inFlight, 'ice', key));
    const follower = follow(inFlight, 'ice', 'b');
    for (const leader of leaders) inFlight.settle(leader, { ...result, index: leaders.indexOf(leader) });
    expect(await follower).toMatchObject({ index: 1 });
  });

  test('are asked anew once they have settled, and no sooner', async () => {
    const inFlight = new InFlightAnswers();
    const [first, second] = [lead(inFlight, 'ice', 'a'), lead(inFlight, 'ice', 'b')];
    inFlight.settle(first, result);
    expect(lead(inFlight, 'ice', 'a')).not.toBe(first);
    expect(inFlight.join({ question, answer: 'ice' }, () => 'b')).toBeInstanceOf(Promise);
    inFlight.settle(second, result);
  });

  test('of several parts are the same where all parts are', () => {
    const inFlight = new InFlightAnswers();
    lead(inFlight, ['a', 'b'], 'key');
    expect(inFlight.join({ question, answer: ['a', 'b'] }, () => 'key')).toBeInstanceOf(Promise);
    expect(inFlight.join({ question, answer: ['a', 'c'] }, () => 'key')).toBeInstanceOf(LeadingAnswer);
  });

  test('are shared by all that share an owner', () => {
    const owner = {};
    expect(inFlightAnswersOf(owner)).toBe(inFlightAnswersOf(owner));
    expect(inFlightAnswersOf(owner)).not.toBe(inFlightAnswersOf({}));
  });
});

describe('a result', () => {
  test.each([
    ['aborted', false],
    ['deadline_exceeded', false],
    ['budget_exceeded', false],
    ['refused', true],
    ['auth', true],
  ])('that failed with %s is shared: %s', (code, expected) => {
    expect(isShareable({ status: 'failed', error: { code, retryable: false } } as GradingResult)).toBe(expected);
  });

  test('that failed where another try might not have is not shared', () => {
    expect(isShareable({ status: 'failed', error: { code: 'server', retryable: true } } as GradingResult)).toBe(false);
  });

  test('that is a grade is shared', () => {
    expect(isShareable(result)).toBe(true);
  });
});
