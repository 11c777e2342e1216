import { createElement } from './create-element.js';
import { answersIn, durationIn, fill, type ElementLabels } from './labels.js';
import type { TimeRow } from './time-rows.js';
import { createTrackRow, type Bar } from './track-row.js';

/** From so many answers on, rows get thin and lose their words. */
const DENSE_FROM_ROWS = 26;

/** Rows that are drawn: more than a screen holds, and no more than a page takes easily. */
const MAX_ROWS = 500;

/** When each answer waited and when it was in a call, drawn to scale. The table says the same in numbers. */
export function renderWaterfall(labels: ElementLabels, rows: readonly TimeRow[]): readonly Node[] {
  const totalMs = rows.reduce((latest, { spans }) => spans.reduce((end, { toMs }) => Math.max(end, toMs), latest), 0);
  if (totalMs === 0) return [];
  const values = { answers: answersIn(labels, rows.length), time: durationIn(labels, totalMs) };
  const className = rows.length < DENSE_FROM_ROWS ? 'rows' : 'rows dense';
  return [
    renderLegend(labels),
    createElement(
      'div',
      { role: 'img', 'aria-label': fill(labels.waterfall, values), class: className },
      ...rows.slice(0, MAX_ROWS).map((row) => renderRow(labels, row, totalMs)),
    ),
    createElement(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      ...[0, totalMs / 2, totalMs].map((tick) => createElement('span', {}, durationIn(labels, tick))),
    ),
    renderRest(labels, rows),
  ];
}

/** The rows that are not shown, in a sentence. */
function renderRest(labels: ElementLabels, rows: readonly TimeRow[]): Node {
  return createElement('div', {}, rows.length > MAX_ROWS ? fill(labels.more, { n: rows.length - MAX_ROWS }) : '');
}

function renderLegend({ legend }: ElementLabels): Node {
  const [wait = '', call = '', failed = ''] = legend.split('|');
  const swatches = [['wait', wait] as const, ['call', call] as const, ['call failed', failed] as const];
  return createElement(
    'p',
    { part: 'legend', class: 'legend', 'aria-hidden': 'true' },
    ...swatches.map(([part, text]) => createElement('span', {}, createElement('i', { class: part }), text)),
  );
}

function renderRow(labels: ElementLabels, row: TimeRow, totalMs: number): Node {
  const bars = row.spans.map(({ fromMs, toMs, failed }): Bar => {
    const part = failed ? 'call failed' : 'call';
    return [part, fromMs / totalMs, toMs / totalMs, durationIn(labels, toMs - fromMs)];
  });
  const lastStart = bars.at(-1)?.[1] ?? 0;
  return createTrackRow(
    String(row.index + 1),
    [['wait', 0, lastStart], ...bars],
    noteOf(labels, row),
    row.failed ? 'failed' : '',
  );
}

function noteOf(labels: ElementLabels, { outcome, failed, attempts, inCallsMs }: TimeRow): string {
  if (failed) return `✕ ${labels.failed}`;
  if (attempts === 0) return labels[outcome];
  return durationIn(labels, inCallsMs) + (attempts > 1 ? ` ×${attempts}` : '');
}

/** The same as a table, for those who prefer numbers or hear the page. */
export function renderTable(labels: ElementLabels, rows: readonly TimeRow[]): Node {
  const heads = labels.table.split('|').map((head) => createElement('th', { scope: 'col' }, head));
  return createElement(
    'table',
    { part: 'table' },
    createElement('thead', {}, createElement('tr', {}, ...heads)),
    createElement('tbody', {}, ...rows.slice(0, MAX_ROWS).map((row) => renderCells(labels, row))),
  );
}

function renderCells(labels: ElementLabels, { index, waitedMs, inCallsMs, attempts, outcome, code }: TimeRow): Node {
  const result = code === undefined ? labels[outcome] : `${labels[outcome]}: ${code.replaceAll('_', ' ')}`;
  const cells = [durationIn(labels, waitedMs), durationIn(labels, inCallsMs), String(attempts), result];
  return createElement(
    'tr',
    {},
    createElement('th', { scope: 'row' }, String(index + 1)),
    ...cells.map((cell) => createElement('td', {}, cell)),
  );
}
