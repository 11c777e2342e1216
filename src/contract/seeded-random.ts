/**
 * Makes a source of chance that repeats itself: the same seed gives the same numbers on every platform. Inject it as
 * `random`. The algorithm is mulberry32 by Tommy Ettinger (2017, public domain); it is not for secrets.
 *
 * @param seed Any integer; only its lower 32 bits count.
 * @returns A function that returns the next number, 0 <= value < 1.
 *
 * @example
 * ```ts
 * import { seededRandom } from 'gradelanes/testing';
 *
 * console.log(seededRandom(7)() === seededRandom(7)()); // true
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
