import type { GradingItem, ScoreVerdict } from '../../contract/provider.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { StoredGrade } from '../run/pending-answer.js';
import { checkVerdicts } from '../../grading/marks/check-verdict.js';
import { objectOf, textOf } from '../../json/untyped-json.js';

/** Version of the stored form. A change bumps it, and what another version stored is not read. */
const STORED_VERSION = 1;

/**
 * Serialises a grade as text, which every store keeps as it is. The key is part of it, so that it counts under no
 * other.
 *
 * @param providers All of the run; the grade refers to one by its position, and the key says who they are.
 */
export function writeStoredGrade(key: string, grade: StoredGrade, providers: readonly BoundProvider[]): string {
  const { provider, model, verdict } = grade;
  return JSON.stringify({ version: STORED_VERSION, key, provider: providers.indexOf(provider), model, verdict });
}

/**
 * Reads what a store gave back, which may be anything: a verdict is checked as if a provider had just said it.
 *
 * @param item The answer that it must be about.
 * @returns The grade; `undefined` for what this version of the library has not stored under this key.
 */
export function readStoredGrade(
  stored: unknown,
  key: string,
  item: GradingItem,
  providers: readonly BoundProvider[],
): StoredGrade | undefined {
  try {
    // Some stores parse texts by themselves.
    const found = objectOf(typeof stored === 'string' ? JSON.parse(stored) : stored);
    if (found['version'] !== STORED_VERSION || found['key'] !== key) return undefined;
    const provider = providers.find((_, position) => position === found['provider']);
    // A stored verdict may be anything: the check takes nothing on trust.
    const [checked] = checkVerdicts([item], [{ ...objectOf(found['verdict']), id: item.id } as ScoreVerdict]);
    if (provider === undefined || checked?.kind !== 'score') return undefined;
    return { provider, model: textOf(found['model']), verdict: checked.verdict };
  } catch {
    return undefined;
  }
}
