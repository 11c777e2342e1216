import { expect, test } from 'vitest';
import { assignDefined } from '../../src/json/defined.js';

test('assignDefined sets what has a value, falsy ones too, and leaves no undefined behind', () => {
  const target: { name: string; size?: number; note?: string | null } = { name: 'x' };
  const result = assignDefined(target, { size: 0, note: undefined });
  expect(result).toBe(target);
  expect(result).toStrictEqual({ name: 'x', size: 0 });
  expect(assignDefined({ name: 'x' }, { name: undefined })).toStrictEqual({ name: 'x' });
});
