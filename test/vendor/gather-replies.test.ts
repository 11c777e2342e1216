import { describe, expect, test } from 'vitest';
import { gatherReplies } from '../../src/vendor/gather-replies.js';
import { yieldToEventLoop } from '../../src/async/yield.js';

/** In which turn each of the replies goes on, when so many come in each turn. */
async function turnsOf(arrivals: readonly number[]): Promise<readonly number[]> {
  const turns: number[] = [];
  const all: Promise<unknown>[] = [];
  let turn = 0;
  for (const count of [...arrivals, 0, 0, 0]) {
    for (let reply = 0; reply < count; reply++) all.push(gatherReplies().then(() => turns.push(turn)));
    await yieldToEventLoop();
    turn++;
  }
  await Promise.all(all);
  return turns;
}

describe('gatherReplies', () => {
  test('lets a reply that comes alone go on when the turn is over', async () => {
    expect(await turnsOf([1, 1])).toEqual([0, 1]);
  });

  test('lets all go on together that come in one turn, once the next brings no more', async () => {
    expect(await turnsOf([3])).toEqual([1, 1, 1]);
  });

  test('waits while every turn brings more', async () => {
    expect(await turnsOf([2, 1, 1, 0, 1])).toEqual([3, 3, 3, 3, 4]);
  });

  test('waits four turns at most', async () => {
    expect(await turnsOf([2, 1, 1, 1, 1])).toEqual([3, 3, 3, 3, 3, 4]);
  });

  test('keeps the order of arrival', async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((reply) => gatherReplies().then(() => order.push(reply))));
    expect(order).toEqual([1, 2, 3]);
  });
});
