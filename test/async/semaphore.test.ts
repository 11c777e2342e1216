import { expect, test } from 'vitest';
import { Turnstile } from '../../src/async/semaphore.js';

test('Turnstile lets so many in at once, and the others in the order in which they came', () => {
  const turnstile = new Turnstile(2);
  const inside: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) turnstile.enter(() => inside.push(name));
  expect(inside).toEqual(['a', 'b']);
  expect(turnstile.hasRoom()).toBe(false);
  turnstile.leave();
  expect(inside).toEqual(['a', 'b', 'c']);
  turnstile.leave();
  turnstile.leave();
  turnstile.leave();
  expect(inside).toEqual(['a', 'b', 'c', 'd']);
  turnstile.leave();
  expect(turnstile.hasRoom()).toBe(true);
});
