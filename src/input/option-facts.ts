import type { GradingOptions } from '../contract/grading-options.js';
import type { ResolvedOptions } from './resolved-options.js';

/** Where an option counts beyond the run that it is given to. */
export interface OptionFacts {
  /** Decides a grade: part of every grade key, so that a cached or resumed grade is what this run would give. */
  readonly key?: true;
  /** Decides how many calls there are and what they hold: an estimate needs it. */
  readonly estimate?: true;
  /** The vendors' Batch APIs can follow it. */
  readonly bulk?: true;
  /** Data that can have made a difference to a grade or to how it came about: an audit record holds it. */
  readonly audit?: true;
}

/** Which facts hold for which option: stands once, over every name, so that the compiler asks for a new one. */
const OPTION_FACTS: { readonly [Name in keyof Required<GradingOptions>]: OptionFacts } = {
  // Providers are in keys and records by their fingerprints and names.
  provider: {},
  mode: { estimate: true, audit: true },
  context: { estimate: true, bulk: true, audit: true },
  instructions: { key: true, estimate: true, bulk: true, audit: true },
  maxConcurrentTasks: { audit: true },
  controller: {},
  batchSize: { estimate: true, audit: true },
  batchAcrossLearners: { estimate: true, audit: true },
  parallelEnabled: { estimate: true, audit: true },
  localGrading: { key: true, estimate: true, bulk: true, audit: true },
  guards: { key: true, estimate: true, bulk: true, audit: true },
  // Read anew for every grade that is taken over from a cache.
  review: { bulk: true, audit: true },
  feedback: { key: true, estimate: true, bulk: true, audit: true },
  evidence: { key: true, estimate: true, bulk: true, audit: true },
  attemptTimeoutMs: { audit: true },
  deadlineMs: { audit: true },
  retry: { audit: true },
  adaptive: { audit: true },
  limits: { audit: true },
  hedge: { audit: true },
  order: { audit: true },
  priority: { audit: true },
  cache: {},
  budget: {},
  samples: { key: true, audit: true },
  resumeFrom: {},
  onResult: {},
  signal: { estimate: true, bulk: true },
  abortGraceMs: {},
  onEvent: {},
  onProgress: {},
  logger: {},
  clock: { bulk: true },
  random: { bulk: true },
};

/** An option that has the same name once its default is in place. */
type OptionName = keyof GradingOptions & keyof ResolvedOptions;

/** The options for which a fact holds. */
export function optionNames(fact: keyof OptionFacts): readonly OptionName[] {
  // Object.keys forgets that these are the names of the record.
  const names = Object.keys(OPTION_FACTS) as (keyof GradingOptions)[];
  return names.filter((name) => OPTION_FACTS[name][fact] === true) as readonly OptionName[];
}

/** Those of the given options for which a fact holds. */
export function pickOptions<Options extends Partial<GradingOptions> | ResolvedOptions>(
  fact: keyof OptionFacts,
  options: Options,
): Pick<Options, OptionName & keyof Options> {
  const picked = optionNames(fact).map((name) => [name, Reflect.get(options, name)]);
  return Object.fromEntries(picked) as Pick<Options, OptionName & keyof Options>;
}
