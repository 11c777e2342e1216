import { describe, expect, test } from 'vitest';
import { Doors } from '../../../src/engine/limits/doors.js';

interface Door {
  readonly number: number;
  isBusy: boolean;
  isIdle(): boolean;
}

/** Makes numbered doors, and says how many were made. */
function numbered(): { make: () => Door; made: () => number } {
  let count = 0;
  return {
    make: () => {
      const door: Door = { number: ++count, isBusy: false, isIdle: () => !door.isBusy };
      return door;
    },
    made: () => count,
  };
}

describe('doors', () => {
  test('are one for the same name, the same object, the same client and model', () => {
    const doors = new Doors<Door>();
    const { make, made } = numbered();
    const [client, other] = [{}, {}];
    const keys = ['account', client, [client], [client, 'small'], [client, 'large'], [other, 'small'], ['account'][0]];
    const numbers = keys.map((key) => doors.of(key as string | object, make).number);
    expect(numbers).toEqual([1, 2, 2, 3, 4, 5, 1]);
    expect(made()).toBe(5);
  });

  test('of names that are idle make room for new ones, the oldest first', () => {
    const doors = new Doors<Door>();
    const { make } = numbered();
    const [busy, first] = [doors.of('busy', make), doors.of('first', make)];
    busy.isBusy = true;
    for (let index = 0; index < 998; index++) doors.of(`account ${index}`, make);
    expect(doors.of('first', make)).toBe(first);
    doors.of('one more', make);
    doors.of('another', make);
    expect([doors.of('busy', make), doors.of('first', make)]).toEqual([busy, first]);
    expect(doors.of('account 1', make).number).toBeGreaterThan(1_000);
  });
});
