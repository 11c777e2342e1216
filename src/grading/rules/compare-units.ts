import { foldText } from '../fold-text.js';
import { parseUnit } from './parse-unit.js';

/** How a written unit relates to the key's: `factor` turns a number in the one into a number in the other. */
type UnitRelation = 'same' | 'other' | 'unknown' | { factor: number };

/** Compares two units by what they mean; `other` only for units that both are known and cannot be confused. */
export function compareUnits(written: string, expected: string): UnitRelation {
  if (isSame(written, expected, true)) return 'same';
  const [unit, key] = [parseUnit(written), parseUnit(expected)];
  if (key === undefined) return isSame(written, expected, false) ? 'same' : 'unknown';
  if (unit === undefined) return 'unknown';
  if (unit.name === key.name) return 'same';
  if (unit.dimension !== key.dimension) return isSloppySpelling(written, expected) ? 'unknown' : 'other';
  const factor = unit.scale / key.scale;
  return Number.isNaN(factor) ? 'unknown' : { factor };
}

function isSame(written: string, expected: string, caseSensitive: boolean): boolean {
  return foldText(written, { caseSensitive }) === foldText(expected, { caseSensitive });
}

/** `C` for `°C`, `S` for `s`, `m` for minutes or miles. */
function isSloppySpelling(written: string, expected: string): boolean {
  const [unit, key] = [written, expected].map((text) => text.toLowerCase().replaceAll(/[°\s.]/g, ''));
  return unit === key || (unit === 'm' && (key === 'min' || key === 'mi'));
}
