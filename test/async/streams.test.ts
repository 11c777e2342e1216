import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { mapAhead } from '../../src/async/streams.js';
import { nextTurn } from '../../src/async/yield.js';

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let value = 0; value < count; value++) {
    taken.push(value);
    yield value;
  }
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('mapAhead', () => {
  property.prop([fc.array(fc.nat({ max: 5 }), { maxLength: 40 }), fc.integer({ min: 1, max: 8 })])(
    'keeps the order, whatever takes how long, and runs no more than it may',
    async (turns, most) => {
      let running = 0;
      let peak = 0;
      const task = async (index: number): Promise<number> => {
        peak = Math.max(peak, ++running);
        for (let turn = turns[index] ?? 0; turn > 0; turn--) await Promise.resolve();
        running--;
        return index;
      };
      expect(await collect(mapAhead(numbers(turns.length), most, task))).toEqual([...turns.keys()]);
      expect(peak).toBeLessThanOrEqual(most);
    },
  );

  test('gives what is ready while its source has nothing more yet', async () => {
    const { promise: later, resolve } = Promise.withResolvers<void>();
    async function* slow(): AsyncGenerator<string> {
      yield 'first';
      await later;
      yield 'second';
    }
    const mapped = mapAhead(slow(), 16, async (value) => value.toUpperCase());
    expect(await mapped.next()).toEqual({ value: 'FIRST', done: false });
    resolve();
    expect(await collect(mapped)).toEqual(['SECOND']);
  });

  test('takes no more than it may ahead of whoever reads, and stops with them', async () => {
    const taken: number[] = [];
    const mapped = mapAhead(numbers(100, taken), 4, async (value) => value);
    await mapped.next();
    await nextTurn();
    // One more waits for its turn.
    expect(taken.length).toBeLessThanOrEqual(6);
    await mapped.return(undefined);
    await nextTurn();
    expect(await mapped.next()).toEqual({ value: undefined, done: true });
    expect(taken.length).toBeLessThanOrEqual(6);
  });

  test('fails with its source', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('no more');
    }
    await expect(collect(mapAhead(broken(), 4, async (value) => value))).rejects.toThrow('no more');
  });
});
