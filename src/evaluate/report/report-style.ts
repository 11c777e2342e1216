import { Markup } from './markup.js';

/** Blue circles are the grader, amber diamonds people, in light and in dark. */
export const reportStyle: Markup = new Markup(`
:root {
  color-scheme: light dark;
  --page: #f4f5f8; --card: #ffffff; --text: #161a23; --soft: #596173; --line: #dfe3ea; --grid: #e9ecf1;
  --grader: #2a5bd7; --people: #b45309; --over: #be3455; --heat: #2a5bd7; --pale: #05070c; --mid: #05070c; --deep: #ffffff; --wash: #be34550d;
  --shadow: 0 1px 2px #10182812, 0 8px 24px #1018280a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1117; --card: #171b24; --text: #e9ecf2; --soft: #9aa4b8; --line: #2a303d; --grid: #232936;
    --grader: #8bb0ff; --people: #f2b35e; --over: #ff8fa6; --heat: #7ea6ff; --pale: #ffffff; --mid: #05070c; --deep: #05070c; --wash: #ff8fa60f;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Inter", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 56px 24px 40px; display: grid; gap: 24px; }
header { display: grid; gap: 10px; padding-bottom: 8px; }
h1, h2, h3, p, ul, ol, dl, dd { margin: 0; padding: 0; }
h1 { font-size: clamp(28px, 4.4vw, 42px); line-height: 1.14; letter-spacing: -0.022em; font-weight: 680; max-width: 24ch; text-wrap: balance; }
h1 em { font-style: normal; color: var(--grader); overflow-wrap: anywhere; }
h2 { font-size: 20px; letter-spacing: -0.012em; font-weight: 650; }
h3 { font-size: 14px; font-weight: 600; margin-bottom: 10px; }
.eyebrow { font-size: 13px; font-weight: 600; letter-spacing: 0.08em; text-transform: uppercase; color: var(--soft); }
.lead { font-size: 19px; max-width: 66ch; text-wrap: pretty; }
.meta, .note, footer { color: var(--soft); font-size: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 24px 26px; box-shadow: var(--shadow); min-width: 0; }
.card > h2 + .note { margin: 4px 0 14px; }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(168px, 1fr)); gap: 12px; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 14px 18px; display: grid; gap: 1px; box-shadow: var(--shadow); }
.tiles strong { font-size: 29px; line-height: 1.25; letter-spacing: -0.02em; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile-label { font-size: 14px; font-weight: 550; } .tile-note { font-size: 13px; color: var(--soft); font-variant-numeric: tabular-nums; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 24px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: inherit; }
.chart text { fill: var(--text); font-size: 14px; font-variant-numeric: tabular-nums; }
.chart .hint, .chart .tick { fill: var(--soft); font-size: 12.5px; }
.chart .axis { font-size: 13.5px; font-weight: 550; }
.chart .label { font-size: 15.5px; font-weight: 600; }
.chart .value { font-size: 15.5px; font-weight: 650; } .chart .small { font-size: 13px; }
.chart text.grader { fill: var(--grader); } .chart text.people { fill: var(--people); }
.chart g.grader { fill: var(--grader); stroke: var(--grader); } .chart g.people { fill: var(--people); stroke: var(--people); }
.grid { stroke: var(--grid); stroke-width: 1.5; } .zero { stroke: var(--soft); }
.range { stroke-width: 4; stroke-linecap: round; stroke-opacity: 0.38; }
.hollow { fill: var(--card); stroke-width: 2; }
.matrix { max-width: 480px; margin: 0 auto; } .reliability { max-width: 440px; margin: 0 auto; }
.cell { fill: none; stroke: var(--line); stroke-width: 1.5; } .cell.agrees { stroke: var(--heat); stroke-width: 2.5; }
.heat { fill: var(--heat); }
.chart .count { font-weight: 650; font-size: inherit; } .chart .none { fill: var(--soft); font-weight: 450; }
.chart .share { font-size: 12.5px; } .chart .pale { fill: var(--pale); } .chart .mid { fill: var(--mid); } .chart .deep { fill: var(--deep); }
.too-sure { fill: var(--wash); }
.ideal { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 5; }
.curve { fill: none; stroke: var(--grader); stroke-width: 1.5; stroke-opacity: 0.4; }
.bin { fill: var(--grader); stroke: var(--grader); } .bin.over { fill: var(--over); stroke: var(--over); }
.bin circle { fill-opacity: 0.82; stroke: var(--card); stroke-width: 1.5; } .gap { stroke-width: 2.5; stroke-opacity: 0.5; }
.bar { fill: var(--soft); fill-opacity: 0.42; }
.between { stroke: var(--over); stroke-width: 3; stroke-opacity: 0.55; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 6px 0 16px; font-size: 14px; color: var(--soft); }
.key { display: inline-flex; align-items: center; gap: 8px; }
.key i { width: 12px; height: 12px; border-radius: 50%; background: var(--grader); }
.key.people i { border-radius: 2px; transform: rotate(45deg); background: var(--people); width: 11px; height: 11px; }
.key.hollow i { background: none; border: 2px solid var(--grader); }
details { margin-top: 12px; font-size: 14px; } summary { cursor: pointer; color: var(--soft); width: fit-content; border-radius: 6px; }
summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--grader); outline-offset: 3px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin-top: 12px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 8px 14px 8px 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: bottom; }
th small { display: block; } small { color: var(--soft); font-weight: 400; font-size: 12.5px; }
#worst-heading + .note { margin: 4px 0 16px; }
.worst { list-style: none; display: grid; gap: 12px; }
.worst li { display: grid; grid-template-columns: 230px 1fr; gap: 10px 32px; align-items: start; padding: 20px 26px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 16px; font-size: 15px; min-width: 0; }
dt { color: var(--soft); font-size: 13.5px; padding-top: 1px; } dd { overflow-wrap: anywhere; white-space: pre-line; min-width: 0; }
dd.answer { font-weight: 600; } dd.grader { color: var(--soft); }
.flag { color: var(--over); font-weight: 600; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); gap: 24px 40px; margin-top: 16px; }
.bars { list-style: none; display: grid; gap: 10px; font-size: 14px; }
.bars li { display: grid; grid-template-columns: 1fr auto; gap: 4px; } .bars svg { grid-column: 1 / -1; width: 100%; height: 5px; display: block; }
.bars b { font-variant-numeric: tabular-nums; } .track { fill: var(--grid); } .fill { fill: var(--grader); }
footer { padding-top: 4px; max-width: 80ch; }
@media (max-width: 700px) {
  main { padding: 32px 14px; } .card { padding: 18px; } .worst li { grid-template-columns: 1fr; padding: 18px; } dl { grid-template-columns: 1fr; gap: 1px; }
  dd + dt { margin-top: 8px; } .agreement { min-width: 640px; }
}
@media print { body { background: none; } .card, .tiles li { box-shadow: none; break-inside: avoid; } main { padding: 0; } }
`);
