import { type BootstrapInterval, percentileInterval, type ResolvedBootstrap } from './bootstrap.js';
import { nearestLevel } from './confusion-matrix.js';
import { kappaOf, type LabelCount, macroF1Of } from './label-agreement.js';
import { correlationOf, markColumns, type MarkColumns, momentsOf } from './mark-agreement.js';
import type { ScorePair } from './pairs.js';
import { resample, type Unit } from './statistics/resample.js';

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

/** Fewer answers than this vary too little among themselves to tell how others would. */
export const FEWEST_FOR_INTERVALS = 5;

/**
 * All measures of agreement, with intervals of one bootstrap over the units: every draw serves all measures. Below five
 * answers there are no intervals.
 */
export function measureAgreement(
  marks: readonly ComparedMarks[],
  levels: readonly number[],
  units: readonly Unit[],
  bootstrap: ResolvedBootstrap,
): Agreement {
  const cellOfEach = Uint32Array.from(marks, (each) => cellOfMarks(each, levels));
  const summary: MarkSummary = { scores: markColumns(marks), levels, cells: new Uint32Array(levels.length ** 2 * 4) };
  for (const cell of cellOfEach) countCell(summary.cells, cell);
  const values = agreementFigures(summary);
  const drawn = marks.length < FEWEST_FOR_INTERVALS ? [] : drawFigures(summary, cellOfEach, units, bootstrap);
  const figureOf = (name: AgreementFigureName): Figure => {
    const value = values[name];
    const inDraws = drawn.map((each) => each[name]).filter((each) => each !== undefined);
    return {
      value,
      interval: value === undefined ? undefined : percentileInterval(inDraws, bootstrap.level, units.length),
    };
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

/** The figures of as many units again, drawn with repetition, many times over. */
function drawFigures(
  { scores, levels, cells }: MarkSummary,
  cellOfEach: Uint32Array,
  units: readonly Unit[],
  { samples, seed }: ResolvedBootstrap,
): readonly ReturnType<typeof agreementFigures>[] {
  const most = units.length * units.reduce((largest, unit) => Math.max(largest, unit.length), 0);
  const [expected, actual, counts] = [new Float64Array(most), new Float64Array(most), new Uint32Array(cells)];
  const figures: ReturnType<typeof agreementFigures>[] = [];
  for (const positions of resample(units, samples, seed)) {
    counts.fill(0);
    for (let index = 0; index < positions.length; index += 1) {
      const source = positions[index] ?? 0;
      expected[index] = scores.expected[source] ?? 0;
      actual[index] = scores.actual[source] ?? 0;
      countCell(counts, cellOfEach[source] ?? 0);
    }
    const drawn = { expected: expected.subarray(0, positions.length), actual: actual.subarray(0, positions.length) };
    figures.push(agreementFigures({ scores: drawn, levels, cells: counts }));
  }
  return figures;
}

function countCell(cells: Uint32Array, cell: number): void {
  cells[cell] = (cells[cell] ?? 0) + 1;
}

/** Measures of agreement, in the order in which they are told. */
const AGREEMENT_FIGURES = [
  'quadraticWeightedKappa',
  'pearson',
  'rootMeanSquaredError',
  'meanAbsoluteError',
  'accuracy',
  'cohenKappa',
  'macroF1',
] as const;

/** The name of a measure of agreement. */
type AgreementFigureName = (typeof AGREEMENT_FIGURES)[number];

/** Everything that agreement is computed from. */
interface MarkSummary {
  /** Scaled scores, one position per answer. */
  scores: MarkColumns;
  /** The scale. */
  levels: readonly number[];
  /** How many answers have each {@link cellOf}. */
  cells: Uint32Array;
}

/** What a scale and passing make of two marks, as one number. */
function cellOf(
  levels: readonly number[],
  expected: { level: number; passes: boolean },
  actual: { level: number; passes: boolean },
): number {
  const passes = (expected.passes ? 2 : 0) + (actual.passes ? 1 : 0);
  return (expected.level * levels.length + actual.level) * 4 + passes;
}

/** All measures at once, by the definitions of the functions of their names. */
function agreementFigures(marks: MarkSummary): Readonly<Record<AgreementFigureName, number | undefined>> {
  const count = marks.scores.expected.length;
  const labels = passCounts(marks.cells);
  const { squares, distances } = differencesOf(marks.scores);
  return {
    quadraticWeightedKappa: weightedKappaOf(marks, count),
    pearson: correlationOf(momentsOf(marks.scores)),
    rootMeanSquaredError: count === 0 ? undefined : Math.sqrt(squares / count),
    meanAbsoluteError: count === 0 ? undefined : distances / count,
    accuracy: count === 0 ? undefined : labels.reduce((sum, { both }) => sum + both, 0) / count,
    cohenKappa: kappaOf(labels, count),
    macroF1: macroF1Of(labels),
  };
}

/** Cohen (1968), from the table: 1 - (observed squared distances) / (those of shuffled marks). */
function weightedKappaOf({ levels, cells }: MarkSummary, count: number): number | undefined {
  const rows = levels.map(() => 0);
  const columns = levels.map(() => 0);
  let observed = 0;
  for (const [row, expected] of levels.entries()) {
    for (const [column, actual] of levels.entries()) {
      const first = (row * levels.length + column) * 4;
      let both = 0;
      for (let cell = first; cell < first + 4; cell += 1) both += cells[cell] ?? 0;
      rows[row] = (rows[row] ?? 0) + both;
      columns[column] = (columns[column] ?? 0) + both;
      observed += both * (expected - actual) ** 2;
    }
  }
  let shuffled = 0;
  for (const [row, expected] of levels.entries()) {
    for (const [column, actual] of levels.entries()) {
      shuffled += ((rows[row] ?? 0) * (columns[column] ?? 0) * (expected - actual) ** 2) / count;
    }
  }
  return shuffled > 0 ? 1 - observed / shuffled : undefined;
}

function differencesOf({ expected, actual }: MarkColumns): { squares: number; distances: number } {
  let [squares, distances] = [0, 0];
  for (let index = 0; index < expected.length; index += 1) {
    const difference = (expected[index] ?? 0) - (actual[index] ?? 0);
    squares += difference * difference;
    distances += Math.abs(difference);
  }
  return { squares, distances };
}

/** Of the labels "passes" and "fails", those that were given. */
function passCounts(cells: Uint32Array): readonly LabelCount[] {
  const counts = [0, 0, 0, 0];
  for (const [cell, count] of cells.entries()) counts[cell % 4] = (counts[cell % 4] ?? 0) + count;
  const [bothFail = 0, onlyActual = 0, onlyExpected = 0, bothPass = 0] = counts;
  return [
    { expected: bothPass + onlyExpected, actual: bothPass + onlyActual, both: bothPass },
    { expected: bothFail + onlyActual, actual: bothFail + onlyExpected, both: bothFail },
  ].filter(({ expected, actual }) => expected + actual > 0);
}
