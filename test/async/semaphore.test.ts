import { expect, test } from 'vitest';
import { Semaphore } from '../../src/async/semaphore.js';

test('Semaphore lets so many in at once, and the others in the order in which they came', () => {
  const semaphore = new Semaphore(2);
  const inside: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) semaphore.acquire(() => inside.push(name));
  expect(inside).toEqual(['a', 'b']);
  expect(semaphore.hasRoom()).toBe(false);
  semaphore.release();
  expect(inside).toEqual(['a', 'b', 'c']);
  semaphore.release();
  semaphore.release();
  semaphore.release();
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
  semaphore.release();
  expect(semaphore.hasRoom()).toBe(true);
});
