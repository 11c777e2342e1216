import {
  AGREEMENT_FIGURES,
  agreementFigures,
  cellOf,
  type AgreementFigureName,
  type MarkSummary,
} from './agreement-figures.js';
import { markColumns } from './moments.js';
import { nearestLevel } from './mark-levels.js';
import type { ScorePair } from './metric.js';
import { percentileInterval, type BootstrapInterval } from './percentile-interval.js';
import type { ResolvedBootstrap } from './resolve-bootstrap.js';
import { seededRandom } from './seeded-random.js';

/** A figure, and how sure it is. */
export interface Figure {
  /** `undefined` where the answers do not define it, never `NaN`. */
  value: number | undefined;
  interval: BootstrapInterval | undefined;
}

/**
 * How well two markers agree. `pearson` and the errors compare scaled scores, the weighted kappa compares them on a
 * scale (every score as its closest level), and accuracy, kappa and macro-F1 compare who passes.
 */
export interface Agreement extends Readonly<Record<AgreementFigureName, Figure>> {
  /** Answers that both marked. */
  count: number;
}

/** Two marks for one answer as scaled scores 0..1, and whether each passes. */
export interface ComparedMarks extends ScorePair {
  expectedPasses: boolean;
  actualPasses: boolean;
}

/**
 * All measures of agreement, with intervals of one bootstrap: every draw serves all measures, as
 * {@link bootstrapInterval} with the same seed would draw for each.
 */
export function measureAgreement(
  marks: readonly ComparedMarks[],
  levels: readonly number[],
  bootstrap: ResolvedBootstrap,
): Agreement {
  const cellOfEach = Uint32Array.from(marks, (each) => cellOfMarks(each, levels));
  const summary: MarkSummary = { scores: markColumns(marks), levels, cells: new Uint32Array(levels.length ** 2 * 4) };
  for (const cell of cellOfEach) count(summary.cells, cell);
  const values = agreementFigures(summary);
  const drawn = drawFigures(summary, cellOfEach, bootstrap);
  const figureOf = (name: AgreementFigureName): Figure => {
    const value = values[name];
    const inDraws = drawn.map((each) => each[name]).filter((each) => each !== undefined);
    return { value, interval: value === undefined ? undefined : percentileInterval(inDraws, bootstrap.level) };
  };
  const figures = Object.fromEntries(AGREEMENT_FIGURES.map((name) => [name, figureOf(name)]));
  // Every name is there: they were just mapped.
  return { count: marks.length, ...(figures as Record<AgreementFigureName, Figure>) };
}

function cellOfMarks(marks: ComparedMarks, levels: readonly number[]): number {
  return cellOf(
    levels,
    { level: nearestLevel(levels, marks.expected), passes: marks.expectedPasses },
    { level: nearestLevel(levels, marks.actual), passes: marks.actualPasses },
  );
}

/** The figures of as many answers again, drawn with repetition, many times over. */
function drawFigures(
  { scores, levels, cells }: MarkSummary,
  cellOfEach: Uint32Array,
  { samples, seed }: ResolvedBootstrap,
): readonly ReturnType<typeof agreementFigures>[] {
  const random = seededRandom(seed);
  const answers = cellOfEach.length;
  const [expected, actual, counts] = [new Float64Array(answers), new Float64Array(answers), new Uint32Array(cells)];
  return Array.from({ length: samples }, () => {
    counts.fill(0);
    for (let index = 0; index < answers; index += 1) {
      const source = Math.floor(random() * answers);
      expected[index] = scores.expected[source] ?? 0;
      actual[index] = scores.actual[source] ?? 0;
      count(counts, cellOfEach[source] ?? 0);
    }
    return agreementFigures({ scores: { expected, actual }, levels, cells: counts });
  });
}

function count(cells: Uint32Array, cell: number): void {
  cells[cell] = (cells[cell] ?? 0) + 1;
}
