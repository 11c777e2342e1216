import { describe, expect, test } from 'vitest';
import { Claim } from '../../../src/engine/limits/claim.js';
import { FairQueue } from '../../../src/engine/limits/fair-queue.js';

function claim(order: number, answersLeft: number, priority: Claim['priority'] = 'interactive'): Claim {
  return new Claim({ order, answersLeft, priority, limit: Infinity });
}

/** What comes out, as many times as there is something. */
function takeAll<T>(queue: FairQueue<T>): T[] {
  return Array.from({ length: queue.size }, () => queue.take()?.value).filter((value) => value !== undefined);
}

function fill(queue: FairQueue<string>, run: Claim, name: string, count: number): void {
  for (let index = 0; index < count; index++) queue.add({ claim: run, isRetry: false, value: name });
}

describe('a queue of lanes', () => {
  test('that is empty gives nothing', () => {
    const queue = new FairQueue<string>();
    expect([queue.size, queue.take()?.value]).toEqual([0, undefined]);
  });

  test('lets one run go in order, its repeated calls first', () => {
    const queue = new FairQueue<string>();
    const run = claim(1, 4);
    queue.add({ claim: run, isRetry: false, value: 'first' });
    queue.add({ claim: run, isRetry: false, value: 'second' });
    queue.add({ claim: run, isRetry: true, value: 'repeated' });
    queue.add({ claim: run, isRetry: true, value: 'repeated later' });
    expect(queue.size).toBe(4);
    expect(takeAll(queue)).toEqual(['repeated', 'repeated later', 'first', 'second']);
    expect(queue.size).toBe(0);
  });

  test('lets the run with the fewest answers left go first, and the oldest every fifth time', () => {
    const queue = new FairQueue<string>();
    fill(queue, claim(1, 1_000), 'import', 3);
    fill(queue, claim(2, 5), 'review', 8);
    expect(takeAll(queue).join(' ')).toBe(
      'review review review review import review review review review import import',
    );
  });

  test('lets equal runs go in the order in which they came', () => {
    const queue = new FairQueue<string>();
    fill(queue, claim(2, 3), 'second', 2);
    fill(queue, claim(1, 3), 'first', 2);
    expect(takeAll(queue)).toEqual(['first', 'first', 'second', 'second']);
  });

  test('sees that a run has fewer answers left than before', () => {
    const queue = new FairQueue<string>();
    const long = claim(2, 9);
    fill(queue, long, 'long', 1);
    fill(queue, claim(1, 5), 'short', 1);
    long.answersLeft = 4;
    expect(takeAll(queue)).toEqual(['long', 'short']);
  });

  test('lets one background start follow four interactive ones while both wait', () => {
    const queue = new FairQueue<string>();
    fill(queue, claim(1, 9), 'i', 9);
    fill(queue, claim(2, 3, 'background'), 'B', 3);
    expect(takeAll(queue).join('')).toBe('iiiiBiiiiBiB');
  });

  test('lets four interactive ones go between two of a background run that puts them in one by one', () => {
    const queue = new FairQueue<string>();
    const background = claim(2, 3, 'background');
    fill(queue, claim(1, 12), 'i', 12);
    fill(queue, background, 'B', 1);
    const taken = Array.from({ length: 13 }, (_, start) => {
      const value = queue.take()?.value;
      // A moment later than the next interactive one is taken.
      if (start === 5 || start === 10) fill(queue, background, 'B', 1);
      return value;
    });
    expect(taken.join('')).toBe('iiiiBiiiiBiii');
  });

  test('lets a background run that comes after four interactive ones go at once, and then four others', () => {
    const queue = new FairQueue<string>();
    fill(queue, claim(1, 12), 'i', 12);
    for (let start = 0; start < 7; start++) queue.take();
    fill(queue, claim(2, 2, 'background'), 'B', 2);
    expect(takeAll(queue).join('')).toBe('BiiiiBi');
  });

  test('takes interactive calls that have gone on and not started for starts before the next of the background', () => {
    const queue = new FairQueue<string>();
    fill(queue, claim(1, 12), 'i', 12);
    queue.take();
    queue.backgroundStarted(3);
    fill(queue, claim(2, 2, 'background'), 'B', 2);
    expect(Array.from({ length: 7 }, () => queue.take()?.value).join('')).toBe('iBiiiiB');
    queue.backgroundStarted(4);
    queue.backgroundStarted(0);
    fill(queue, claim(2, 2, 'background'), 'B', 1);
    expect(queue.take()?.value).toBe('B');
  });

  test('shows what is next and leaves it in place, for whoever comes meanwhile and goes before', () => {
    const queue = new FairQueue<string>();
    expect(queue.peek()?.value).toBeUndefined();
    fill(queue, claim(1, 9), 'long', 1);
    expect([queue.peek()?.value, queue.peek()?.value, queue.size]).toEqual(['long', 'long', 1]);
    fill(queue, claim(2, 3), 'short', 1);
    expect([queue.peek()?.value, queue.take()?.value, queue.peek()?.value, queue.take()?.value, queue.size]).toEqual([
      'short',
      'short',
      'long',
      'long',
      0,
    ]);
  });

  test('does not let a repeated call go before the one that is next in its run', () => {
    const queue = new FairQueue<string>();
    const run = claim(1, 2);
    fill(queue, run, 'fresh', 2);
    expect(queue.peek()?.value).toBe('fresh');
    queue.add({ claim: run, isRetry: true, value: 'turned away' });
    expect(queue.size).toBe(3);
    expect(takeAll(queue)).toEqual(['fresh', 'turned away', 'fresh']);
  });
});
