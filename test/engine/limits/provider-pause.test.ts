import { describe, expect, test } from 'vitest';
import { ProviderPause } from '../../../src/engine/limits/provider-pause.js';

/** Draws the middle of every range. */
const middle = (): number => 0.5;
const none = (): number => 0;

describe('a pause', () => {
  test('there is none at first', () => {
    const pause = new ProviderPause(middle);
    expect([pause.leftMs(0), pause.spentMs(0), pause.isOlder(0)]).toEqual([0, 0, false]);
  });

  test('lasts as long as the provider asked, and up to two percent more', () => {
    const pause = new ProviderPause(middle);
    expect(pause.extend(1_000, 500)).toBeCloseTo(1_010);
    expect(pause.leftMs(600)).toBeCloseTo(910);
    expect(pause.leftMs(1_510)).toBe(0);
    expect(pause.leftMs(9_999)).toBe(0);
  });

  test('is never shortened, and says when it got longer', () => {
    const pause = new ProviderPause(none);
    pause.extend(1_000, 0);
    expect(pause.extend(500, 100)).toBeUndefined();
    expect(pause.extend(900, 100)).toBeUndefined();
    expect(pause.leftMs(100)).toBe(900);
    expect(pause.extend(1_000, 100)).toBe(1_000);
  });

  test('counts time that pauses share once', () => {
    const pause = new ProviderPause(none);
    pause.extend(1_000, 0);
    pause.extend(1_000, 400);
    expect(pause.spentMs(500)).toBe(500);
    expect(pause.spentMs(5_000)).toBe(1_400);
    pause.extend(100, 5_000);
    expect(pause.spentMs(6_000)).toBe(1_500);
  });

  test('knows which calls were under way when it was set', () => {
    const pause = new ProviderPause(none);
    pause.extend(1_000, 500);
    expect([pause.isOlder(499), pause.isOlder(500), pause.isOlder(2_000)]).toEqual([true, false, false]);
  });

  test('without a hint is drawn from a range that doubles up to 30 seconds, until a call goes through', () => {
    const pause = new ProviderPause(() => 1);
    const lengths = Array.from({ length: 7 }, (_, index) => pause.extendWithoutHint(index * 100_000) ?? 0);
    expect(lengths.map((ms) => Math.round(ms / 1.02))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    pause.succeeded();
    expect(pause.extendWithoutHint(1_000_000)).toBeCloseTo(1_020);
  });
});
