import { afterEach, expect, test, vi } from 'vitest';
import { requirePlatform } from '../../src/contract/platform.js';

const { groupBy } = Map;

afterEach(() => {
  Object.assign(Map, { groupBy });
  vi.unstubAllGlobals();
});

test('this Node is new enough', () => {
  expect(requirePlatform).not.toThrow();
});

test('an older one is told so in one line', () => {
  Reflect.deleteProperty(Map, 'groupBy');
  vi.stubGlobal('process', { versions: { node: '20.20.2' } });
  expect(requirePlatform).toThrow(/^gradelanes needs Node 22\.12 or later; this is Node 20\.20\.2$/);
});

test('nothing is said where there is no Node', () => {
  Reflect.deleteProperty(Map, 'groupBy');
  vi.stubGlobal('process', undefined);
  expect(requirePlatform).not.toThrow();
});
