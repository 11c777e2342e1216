import { ProviderError } from '../contract/errors.js';
import type { Verdict } from '../contract/provider.js';
import { damageList } from './damage-list.js';
import type { ContentFault } from './fault.js';

/** Damages verdicts as a bad provider would. */
export function damageVerdicts(verdicts: readonly Verdict[], fault: ContentFault): readonly Verdict[] {
  const message = `injected fault: ${fault}`;
  if (fault === 'truncated') throw new ProviderError(fault, message);
  if (fault === 'malformed') return verdicts.map(({ id }) => ({ id, malformed: message }));
  if (fault === 'refused') return verdicts.map(({ id }) => ({ id, refused: message }));
  return damageList<Verdict>(
    verdicts,
    fault,
    (verdict) => ({ ...verdict, id: `${verdict.id}-of-another-call` }),
    ({ id }) => ({ id, score: 7 }),
  );
}
