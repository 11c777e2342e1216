import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { canonicalText } from '../../src/json/canonical-text.js';

const names = new WeakMap<object, string>();
let count = 0;
const nameOf = (thing: object): string => {
  const name = names.get(thing) ?? `${(count += 1)}`;
  names.set(thing, name);
  return name;
};
const text = (value: unknown): string => canonicalText(value, nameOf);

class Money {
  readonly amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
  toJSON(): string {
    return 'money';
  }
}

describe('canonicalText', () => {
  test('does not depend on the order in which an object was put together', () => {
    expect(text({ a: 1, b: [{ d: 1, c: 2 }] })).toBe(text({ b: [{ c: 2, d: 1 }], a: 1 }));
    expect(text({ a: 1, b: undefined })).toBe(text({ a: 1 }));
  });

  test.prop([fc.jsonValue({ noUnicodeString: false }), fc.jsonValue()])(
    'is the same for the same JSON, and for no other',
    (one, other) => {
      expect(text(one)).toBe(text(structuredClone(one)));
      const isSame = text(one) === text(other);
      if (isSame) expect(other).toEqual(one);
    },
  );

  const unequal: readonly (readonly [unknown, unknown])[] = [
    [null, undefined],
    [null, Number.NaN],
    [0, -0],
    [1, 1n],
    ['1', 1],
    [Infinity, -Infinity],
    [new Map([['a', 1]]), new Map([['a', 2]])],
    [new Map([['a', 1]]), new Map([['a', 1]])],
    [new Set([1]), new Set([2])],
    [/a/, /b/],
    [new Money(1), new Money(2)],
    [new Money(1), 'money'],
    [new Date(1), new Date(2)],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [() => 1, () => 2],
    [Symbol('a'), Symbol('a')],
    [{ [Symbol.for('a')]: 1 }, { [Symbol.for('a')]: 2 }],
    [[undefined], [null]],
    [['a,b'], ['a', 'b']],
    [{ a: '1,"b":2' }, { a: '1', b: 2 }],
    ['\ud800', '\ud801'],
    [{}, []],
  ];
  test.each(unequal)('tells %o from %o', (one, other) => {
    expect(text({ extra: one })).not.toBe(text({ extra: other }));
  });

  test('knows the same instance again', () => {
    const same = new Money(1);
    expect(text({ same })).toBe(text({ same }));
  });

  test('takes a date as the time that it is', () => {
    expect(text(new Date(7))).toBe(text(new Date(7)));
  });

  test('ends at a reference back, and tells where it leads', () => {
    const loop = (): { name: string; inner: { back?: unknown } } => ({ name: 'a', inner: {} });
    const [one, same, other] = [loop(), loop(), loop()];
    one.inner.back = one;
    same.inner.back = same;
    other.inner.back = other.inner;
    expect(text(one)).toBe(text(same));
    expect(text(one)).not.toBe(text(other));
  });

  test('takes an object that throws when it is read by its identity', () => {
    const broken = (): object => ({
      get part(): string {
        throw new Error('not loaded');
      },
    });
    const one = broken();
    expect(text(one)).toBe(text(one));
    expect(text(one)).not.toBe(text(broken()));
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(() => text({ proxy })).not.toThrow();
  });

  test('gives up on a graph that is too large, at once', () => {
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(text(deep)).toBe(text(deep));
    // 2^60 ways through 60 objects.
    let wide: object = {};
    for (let depth = 0; depth < 60; depth++) wide = { left: wide, right: wide };
    expect(text(wide).length).toBeLessThan(10_000);
  });

  test.prop([
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    }),
  ])('never throws', (value) => {
    expect(typeof text(value)).toBe('string');
  });
});
