import { type Cluster, designEffect, intraclassCorrelation } from '../statistics/clusters.js';
import { binomialChance } from '../statistics/distributions.js';

/** A grade that a person has marked, and how far it is trusted. */
export interface JudgedGrade {
  trust: number;
  isDisagreement: boolean;
  question: string;
}

/** All grades that are trusted from one point on. */
export interface Candidate {
  /** The lowest trust among them. */
  trust: number;
  count: number;
  disagreements: number;
  /** How much alike the answers of a question are. */
  correlation: number;
  /** As many answers with a question each would tell as much. */
  effectiveCount: number;
  effectiveDisagreements: number;
}

/** What is tested, and at which risk of being wrong. */
export interface SequenceTest {
  maxDisagreement: number;
  /** The chance that a candidate passes though more than `maxDisagreement` of such grades disagree. */
  risk: number;
}

/** So many candidates, each a twentieth wider than the one before: the finer the steps, the sooner chance stops them. */
const STEPS = 20;

/**
 * Answers of one question are never taken to be less alike than this: few disagreements cannot show it. Chosen on training
 * splits of SciEntsBank, Beetle and SAF, where a hundredth more or less changed little.
 */
const LEAST_CORRELATION = 0.02;

/** The first candidate has this many times the answers that would pass without any disagreement: one must not end it all. */
const HEAD_START = 2;

/**
 * Tests ever wider candidates, from the most trusted grades on, until one fails; the last that passed is the answer. As
 * the order is fixed before anybody looks at the marks, all tests together are wrong as seldom as one (Wiens 2003). The
 * start is fixed by the number of answers, and where questions have several, by how alike these turn out.
 */
export function fixedSequence(
  grades: readonly JudgedGrade[],
  { maxDisagreement, risk }: SequenceTest,
): { tested: readonly Candidate[]; passed: Candidate | undefined } {
  const tested = candidatesOf(grades);
  const start = startOf(tested, Math.log(risk) / Math.log(1 - maxDisagreement));
  let passed: Candidate | undefined;
  for (const candidate of start === undefined ? [] : tested.slice(start)) {
    const { effectiveDisagreements, effectiveCount } = candidate;
    if (binomialChance(effectiveDisagreements, effectiveCount, maxDisagreement) > risk) break;
    passed = candidate;
  }
  return { tested, passed };
}

/** Without a disagreement, `fewest` answers would pass. `undefined` where there are not even so many. */
function startOf(candidates: readonly Candidate[], fewest: number): number | undefined {
  const comfortable = candidates.findIndex(({ effectiveCount }) => effectiveCount >= fewest * HEAD_START);
  if (comfortable >= 0) return comfortable;
  const barely = candidates.findIndex(({ effectiveCount }) => effectiveCount >= fewest);
  return barely >= 0 ? barely : undefined;
}

/** Grades of equal trust go together: no threshold can part them. */
function candidatesOf(grades: readonly JudgedGrade[]): readonly Candidate[] {
  const sorted = grades.toSorted((left, right) => right.trust - left.trust);
  const overall = intraclassCorrelation([...countInto(new Map(), sorted).values()]);
  const clusters = new Map<string, Cluster>();
  const candidates: Candidate[] = [];
  let taken = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    let end = Math.max(taken, Math.ceil((sorted.length * step) / STEPS));
    while (end > 0 && sorted[end]?.trust === sorted[end - 1]?.trust) end += 1;
    if (end === taken) continue;
    countInto(clusters, sorted.slice(taken, end));
    taken = end;
    candidates.push(candidateOf(sorted[end - 1]?.trust ?? 0, [...clusters.values()], overall));
  }
  return candidates;
}

function countInto(clusters: Map<string, Cluster>, grades: readonly JudgedGrade[]): Map<string, Cluster> {
  for (const { question, isDisagreement } of grades) {
    const cluster = clusters.get(question) ?? { count: 0, hits: 0 };
    cluster.count += 1;
    if (isDisagreement) cluster.hits += 1;
    clusters.set(question, cluster);
  }
  return clusters;
}

/** Few disagreements tell little of how they cluster, so half the word is with all grades. */
function candidateOf(trust: number, clusters: readonly Cluster[], overall: number): Candidate {
  const own = intraclassCorrelation(clusters);
  const correlation = Math.min(1, Math.max(LEAST_CORRELATION, own, (own + overall) / 2));
  const effect = designEffect(clusters, correlation);
  const count = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
  const disagreements = clusters.reduce((sum, cluster) => sum + cluster.hits, 0);
  const effectiveCount = count / effect;
  return {
    ...{ trust, count, disagreements, effectiveCount },
    // Where each answer has a question of its own there is nothing alike to speak of.
    correlation: effect === 1 ? 0 : correlation,
    effectiveDisagreements: disagreements / effect,
  };
}
