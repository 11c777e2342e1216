import { describe, expect, test, vi } from 'vitest';
import { StopSignal } from '../../src/async/stop-signal.js';

describe('StopSignal', () => {
  test('has no reason while the run goes on', () => {
    expect(new StopSignal().reason).toBeUndefined();
  });

  test('tells everybody who waits, once, and knows its reason by then', () => {
    const stop = new StopSignal();
    const reasons: unknown[] = [];
    const [first, second] = [vi.fn(() => void reasons.push(stop.reason)), vi.fn()];
    stop.onStop(first);
    stop.onStop(second);
    stop.stop('deadline_exceeded');
    stop.stop('deadline_exceeded');
    expect(first).toHaveBeenCalledOnce();
    expect(second).toHaveBeenCalledOnce();
    expect(reasons).toEqual(['deadline_exceeded']);
  });

  test('tells at once who comes late', () => {
    const stop = new StopSignal();
    stop.stop('aborted');
    const late = vi.fn();
    const forget = stop.onStop(late);
    expect(late).toHaveBeenCalledOnce();
    expect(() => forget()).not.toThrow();
  });

  test('does not tell who no longer waits', () => {
    const stop = new StopSignal();
    const callback = vi.fn();
    stop.onStop(callback)();
    stop.stop('aborted');
    expect(callback).not.toHaveBeenCalled();
  });

  test('an abort takes the place of a deadline, but not the other way round', () => {
    const [deadlineFirst, abortFirst] = [new StopSignal(), new StopSignal()];
    deadlineFirst.stop('deadline_exceeded');
    deadlineFirst.stop('aborted');
    abortFirst.stop('aborted');
    abortFirst.stop('deadline_exceeded');
    expect([deadlineFirst.reason, abortFirst.reason]).toEqual(['aborted', 'aborted']);
  });

  test('a callback may register another, or take one back', () => {
    const stop = new StopSignal();
    const nested = vi.fn();
    const takenBack = vi.fn();
    stop.onStop(() => {
      stop.onStop(nested);
      forget();
    });
    const forget = stop.onStop(takenBack);
    stop.stop('aborted');
    expect(nested).toHaveBeenCalledOnce();
  });
});
