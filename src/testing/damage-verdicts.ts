import { ProviderError } from '../core/errors.js';
import type { Verdict } from '../core/provider.js';
import type { ContentFault } from './fault.js';

/** Beyond every scale. */
const IMPOSSIBLE_SCORE = 7;

/** Damages verdicts. What concerns one verdict concerns the first, so that the others of a call show that they survive. */
export function damageVerdicts(verdicts: readonly Verdict[], fault: ContentFault): readonly Verdict[] {
  const [first, ...others] = verdicts;
  if (first === undefined) return verdicts;
  switch (fault) {
    case 'truncated':
      throw new ProviderError('truncated', 'injected fault: truncated');
    case 'malformed':
      return verdicts.map(({ id }) => ({ id, malformed: 'injected fault: malformed' }));
    case 'refused':
      return verdicts.map(({ id }) => ({ id, refused: 'injected fault: refused' }));
    case 'wrong_id':
      return [{ ...first, id: `${first.id}-of-another-call` }, ...others];
    case 'missing_id':
      return others;
    case 'duplicate_id':
      return [first, ...verdicts];
    case 'out_of_range':
      break;
  }
  return [{ id: first.id, score: IMPOSSIBLE_SCORE }, ...others];
}
