import type { GradingProvider, LLMProvider, Provider } from '../contract/provider.js';
import { wrapGrader } from '../grading/prompt/prompt-grader.js';

/** How a wrapper answers in a provider's place, at either level. */
interface Around {
  grade(inner: GradingProvider): GradingProvider['grade'];
  generate(inner: LLMProvider): LLMProvider['generate'];
}

/**
 * Wraps a provider: its one method is replaced, everything else that is its own stays, such as the `calls` of a mock, and
 * the options of a run still reach a prompt grader.
 */
export function wrapProvider<Inner extends Provider, Extra extends object>(
  inner: Inner,
  extra: Extra,
  around: Around,
): Inner & Extra {
  const wrapped: Provider =
    'generate' in inner
      ? extend(inner, extra, { generate: around.generate(inner) })
      : wrapGrader(inner, (grader) => extend(grader, extra, { grade: around.grade(grader) }));
  // All that the provider has of its own was carried over, and the rest added.
  return wrapped as Inner & Extra;
}

/** Property by property, because spreading would read what a getter says now. */
function extend<Inner extends Provider, Extra extends object, Method extends object>(
  inner: Inner,
  extra: Extra,
  method: Method,
): Inner & Extra & Method {
  const { name, fingerprint, limitKey = [inner], capabilities } = inner;
  const own = descriptorsOf(inner).filter(([, { enumerable }]) => enumerable);
  const added = descriptorsOf({ name, fingerprint, limitKey, capabilities, ...method });
  return Object.defineProperties({}, Object.fromEntries([...own, ...added, ...descriptorsOf(extra)])) as Inner &
    Extra &
    Method;
}

/** Those under symbols too, such as what a recorder does when a run ends. */
function descriptorsOf(value: object): [string | symbol, PropertyDescriptor][] {
  return Reflect.ownKeys(value).flatMap((key): [string | symbol, PropertyDescriptor][] => {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    return descriptor === undefined ? [] : [[key, descriptor]];
  });
}
