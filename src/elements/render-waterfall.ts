import { createElement } from './create-element.js';
import { countOf } from './describe-run.js';
import { formatDuration } from './format-duration.js';
import type { TimeRow } from './time-rows.js';
import { createTrackRow, type Bar } from './track-row.js';

/** From so many answers on, rows get thin and lose their words. */
const DENSE_FROM_ROWS = 26;

/** When each answer waited and when it was in a call, drawn to scale. The table says the same in numbers. */
export function renderWaterfall(rows: readonly TimeRow[]): readonly Node[] {
  const ends = rows.flatMap(({ spans }) => spans.map(({ toMs }) => toMs));
  const totalMs = Math.max(0, ...ends);
  if (totalMs === 0) return [];
  const label = `When ${countOf(rows.length, 'answer')} waited and were in calls, over ${formatDuration(totalMs)}; the table below has the numbers`;
  const className = rows.length < DENSE_FROM_ROWS ? 'rows' : 'rows dense';
  return [
    createElement(
      'div',
      { role: 'img', 'aria-label': label, class: className },
      ...rows.map((row) => renderRow(row, totalMs)),
    ),
    createElement('div', { class: 'axis', 'aria-hidden': 'true' }, ...[0, totalMs / 2, totalMs].map(formatTick)),
  ];
}

function formatTick(milliseconds: number): Node {
  return createElement('span', {}, formatDuration(milliseconds));
}

function renderRow(row: TimeRow, totalMs: number): Node {
  const bars = row.spans.map(({ fromMs, toMs, failed }): Bar => {
    const part = failed ? 'call failed' : 'call';
    return [part, fromMs / totalMs, toMs / totalMs];
  });
  const lastStart = bars.at(-1)?.[1] ?? 0;
  return createTrackRow(
    String(row.index + 1),
    [['wait', 0, lastStart], ...bars],
    noteOf(row),
    row.failed ? 'failed' : '',
  );
}

function noteOf({ outcome, failed, attempts, inCallsMs }: TimeRow): string {
  if (failed) return '✕ not graded';
  if (attempts === 0) return outcome;
  return formatDuration(inCallsMs) + (attempts > 1 ? ` ↻ ${attempts}` : '');
}

/** The same as a table, for those who prefer numbers or hear the page. */
export function renderTable(rows: readonly TimeRow[]): Node {
  const heads = ['Answer', 'Waited', 'In calls', 'Calls', 'Outcome'];
  return createElement(
    'table',
    { part: 'table' },
    createElement(
      'thead',
      {},
      createElement('tr', {}, ...heads.map((head) => createElement('th', { scope: 'col' }, head))),
    ),
    createElement(
      'tbody',
      {},
      ...rows.map(({ index, waitedMs, inCallsMs, attempts, outcome }) =>
        createElement(
          'tr',
          {},
          createElement('th', { scope: 'row' }, String(index + 1)),
          ...[formatDuration(waitedMs), formatDuration(inCallsMs), String(attempts), outcome].map((cell) =>
            createElement('td', {}, cell),
          ),
        ),
      ),
    ),
  );
}
