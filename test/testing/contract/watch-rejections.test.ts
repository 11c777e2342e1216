import { afterEach, describe, expect, test, vi } from 'vitest';
import { watchRejections } from '../../../src/testing/contract/watch-rejections.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

type Listener = (event: unknown) => void;

/** A host that remembers its listeners. */
const hostOf = (): { listeners: Map<string, Listener>; add: (name: string, listener: Listener) => void } => {
  const listeners = new Map<string, Listener>();
  return { listeners, add: (name, listener) => void listeners.set(name, listener) };
};

describe('watchRejections', () => {
  test('hears the process in Node', () => {
    const { listeners, add } = hostOf();
    vi.stubGlobal('process', { on: add, off: (name: string) => listeners.delete(name) });
    const stop = watchRejections();
    listeners.get('unhandledRejection')?.('lost');
    expect(stop()).toEqual(['lost']);
    expect(listeners.size).toBe(0);
  });

  test('hears the global scope in browsers and workers', () => {
    const { listeners, add } = hostOf();
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('addEventListener', add);
    vi.stubGlobal('removeEventListener', (name: string) => listeners.delete(name));
    const stop = watchRejections();
    listeners.get('unhandledrejection')?.('lost');
    expect(stop()).toEqual(['lost']);
    expect(listeners.size).toBe(0);
  });

  test('hears nothing where there is nothing to listen to', () => {
    vi.stubGlobal('process', {});
    vi.stubGlobal('addEventListener', undefined);
    vi.stubGlobal('removeEventListener', undefined);
    expect(watchRejections()()).toEqual([]);
  });
});
