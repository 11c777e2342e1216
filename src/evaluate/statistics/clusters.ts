// Answers to one question stand and fall together: many answers to few questions tell less than as many questions would.

/** What happened to the answers of one question. */
export interface Cluster {
  /** Answers. */
  count: number;
  /** Those that something is true of. */
  hits: number;
}

/** Counts answers and hits per question, in the order in which the questions come. */
export function clustersOf(questions: readonly string[], isHit: (index: number) => boolean): readonly Cluster[] {
  const byQuestion = new Map<string, Cluster>();
  for (const [index, question] of questions.entries()) {
    const cluster = byQuestion.get(question) ?? { count: 0, hits: 0 };
    cluster.count += 1;
    if (isHit(index)) cluster.hits += 1;
    byQuestion.set(question, cluster);
  }
  return [...byQuestion.values()];
}

/**
 * How much alike answers of one question are, 0 not at all to 1 throughout: the intraclass correlation by analysis of
 * variance, for questions of different sizes (Donald & Donner 1987). 0 where there is nothing to tell it from: a single
 * question, or one answer each.
 */
export function intraclassCorrelation(clusters: readonly Cluster[]): number {
  const total = sumOf(clusters, ({ count }) => count);
  const questions = clusters.length;
  if (questions < 2 || total <= questions) return 0;
  const mean = sumOf(clusters, ({ hits }) => hits) / total;
  const between = sumOf(clusters, ({ count, hits }) => count * (hits / count - mean) ** 2) / (questions - 1);
  const within = sumOf(clusters, ({ count, hits }) => hits * (1 - hits / count)) / (total - questions);
  const size = (total - sumOf(clusters, ({ count }) => count ** 2) / total) / (questions - 1);
  const spread = between + (size - 1) * within;
  return spread > 0 ? Math.max(0, (between - within) / spread) : 0;
}

/**
 * How many times more answers it takes than if each had a question of its own: 1 + (size - 1) * correlation (Kish 1965),
 * with the mean number of fellow answers of an answer as the size.
 */
export function designEffect(clusters: readonly Cluster[], correlation: number): number {
  const total = sumOf(clusters, ({ count }) => count);
  if (total === 0) return 1;
  const size = sumOf(clusters, ({ count }) => count ** 2) / total;
  return 1 + (size - 1) * correlation;
}

/** The sum of a figure over items. */
function sumOf<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}
