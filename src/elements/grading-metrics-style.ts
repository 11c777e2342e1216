import { BASE_CSS, lazySheet } from './style-sheet.js';

const CSS = `${BASE_CSS}
.card {
  grid-template-columns: minmax(0, 1fr);
  background: var(--surface); color: var(--text); border: 1px solid var(--line);
  border-radius: var(--grading-metrics-radius, 14px); padding: 1.25rem; position: relative;
  display: grid; gap: 1rem; font-variant-numeric: tabular-nums;
}
[hidden], ul:empty, dl:empty, div:empty, .mode:empty { display: none; }
p, dl, dd, ul, figure { margin: 0; padding: 0; }
.head { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; justify-content: space-between; align-items: center; }
.headline { font-size: 1.0625rem; font-weight: 600; }
.mode {
  font-size: 0.8125rem; font-weight: 600; color: var(--accent);
  border: 1px solid; border-radius: 99px; padding: 0.0625rem 0.6875rem;
}
.mode.fallback, .fallbacks { color: var(--warn); }
progress {
  appearance: none; display: block; width: 100%; height: 8px; border: 0; border-radius: 99px; overflow: hidden;
  background: var(--line); color: var(--accent);
}
progress::-webkit-progress-bar { background: var(--line); }
progress::-webkit-progress-value { background: var(--accent); border-radius: 99px; }
progress::-moz-progress-bar { background: var(--accent); }
.fallbacks { list-style: none; display: grid; gap: 0.25rem; font-size: 0.875rem; }
.fallbacks li { display: grid; grid-template-columns: 1.375rem 1fr; overflow-wrap: anywhere; }
.comparison { display: grid; gap: 0.375rem; font-size: 0.8125rem; color: var(--muted); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: 0.75rem 1rem; }
dt { font-size: 0.8125rem; color: var(--muted); }
dd { font-weight: 600; }
.row { display: grid; grid-template-columns: 1.5rem 1fr 6.5rem; gap: 0.5rem; align-items: center; font-size: 0.75rem; }
.row > :first-child { text-align: right; color: var(--muted); }
.row > :last-child { color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.track { position: relative; height: 0.75rem; }
.row .track { height: 1.25rem; }
.track span { position: absolute; top: 50%; translate: 0 -50%; box-sizing: border-box; }
.wait { height: 2px; background: var(--wait); }
.call { height: 0.75rem; min-width: 3px; border-radius: 3px; background: var(--accent); }
.call.failed { background: var(--surface); border: 2px solid var(--bad); }
.call.estimate { background: none; border: 2px dashed var(--wait); }
.row > .failed { color: var(--bad); }
.dense .row { grid-template-columns: 0 1fr 0; }
.dense .row > :not(.track) { visibility: hidden; height: 0; overflow: hidden; }
.dense .track { height: 0.3125rem; }
.dense .call { height: 0.25rem; }
.axis { color: var(--muted); border-top: 1px solid var(--line); display: flex; justify-content: space-between;
  margin: 0.25rem 7rem 0 2rem; font-size: 0.75rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; font-size: 0.75rem; color: var(--muted); margin-bottom: 0.375rem; }
.legend span { display: inline-flex; align-items: center; gap: 0.375rem; }
.legend i { display: inline-block; width: 1.125rem; box-sizing: border-box; }
.figures [title] { cursor: help; }
summary { cursor: pointer; font-size: 0.8125rem; color: var(--muted); border-radius: 4px; width: fit-content; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; margin-top: 0.5rem; }
th, td { text-align: right; padding: 0.25rem; border-top: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--muted); border: 0; }
:is(th, td):is(:first-child, :last-child) { text-align: left; }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: no-preference) {
  progress::-webkit-progress-value { transition: inline-size 0.3s; }
}
@media (forced-colors: active) {
  .call:not(.failed, .estimate), .wait { background: CanvasText; forced-color-adjust: none; }
}
`;

/** The style sheet of `<grading-metrics>`. */
export const sheet: () => CSSStyleSheet = lazySheet(CSS);
