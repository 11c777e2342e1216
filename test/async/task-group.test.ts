import { describe, expect, test } from 'vitest';
import { TaskGroup } from '../../src/async/task-group.js';

describe('TaskGroup', () => {
  test('has settled when it has no tasks', async () => {
    await expect(new TaskGroup().settled()).resolves.toBeUndefined();
  });

  test('waits for all tasks, also those that start meanwhile', async () => {
    const group = new TaskGroup();
    const ended: string[] = [];
    const task = async (name: string, turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      ended.push(name);
    };
    group.start(
      task('first', 3).then(() => {
        group.start(task('started by the first', 20));
      }),
    );
    group.start(task('second', 1));
    await group.settled();
    expect(ended).toEqual(['second', 'first', 'started by the first']);
  });

  test('throws what the first failed task threw, after all have ended', async () => {
    const group = new TaskGroup();
    const slow = Promise.withResolvers<void>();
    let hasEnded = false;
    group.start(Promise.reject(new Error('first')));
    group.start(Promise.reject(new Error('second')));
    group.start(slow.promise.then(() => void (hasEnded = true)));
    queueMicrotask(slow.resolve);
    await expect(group.settled()).rejects.toThrow('first');
    expect(hasEnded).toBe(true);
  });

  test('throws even undefined', async () => {
    const group = new TaskGroup();
    // oxlint-disable-next-line prefer-promise-reject-errors
    group.start(Promise.reject(undefined));
    await expect(group.settled()).rejects.toBeUndefined();
  });
});
