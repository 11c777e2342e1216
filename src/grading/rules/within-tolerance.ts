import type { NumericKey } from '../../contract/question.js';

// Decimal fractions are not exact in binary: allow the rounding of a few operations, far below any written digit.
const ROUNDING = 4 * Number.EPSILON;

/** Whether a value is the key's, or within its tolerance, bounds included. Infinity never is. */
export function isWithinTolerance(value: number, key: NumericKey): boolean {
  if (!Number.isFinite(value)) return false;
  if (value === key.value) return true;
  const allowed = allowedDistance(key);
  if (allowed === 0 && Number.isInteger(value) && Number.isInteger(key.value)) return false;
  const rounding = ROUNDING * Math.max(Math.abs(value), Math.abs(key.value), allowed);
  return Math.abs(value - key.value) <= allowed + rounding;
}

function allowedDistance({ value, tolerance = 0, toleranceMode = 'absolute' }: NumericKey): number {
  if (toleranceMode === 'exact') return 0;
  return toleranceMode === 'relative' ? tolerance * Math.abs(value) : tolerance;
}
