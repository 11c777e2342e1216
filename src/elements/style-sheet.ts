/** Colours come from the page's `color-scheme`; every one can be set from outside. */
export const BASE_CSS: string = `
:host {
  --surface: var(--grading-metrics-surface, light-dark(#ffffff, #18212a));
  --text: var(--grading-metrics-text, light-dark(#1b2733, #e7edf2));
  --muted: var(--grading-metrics-muted, light-dark(#566472, #a3b1be));
  --line: var(--grading-metrics-line, light-dark(#dde4ea, #2d3945));
  --accent: var(--grading-metrics-accent, light-dark(#1b6d78, #6cc7c6));
  --wait: var(--grading-metrics-wait, light-dark(#718190, #708396));
  --warn: var(--grading-metrics-warn, light-dark(#7c4a03, #f2c879));
  --bad: var(--grading-metrics-bad, light-dark(#b3362b, #ff9a8f));
  display: block;
  font: 0.9375rem/1.5 var(--grading-metrics-font, inherit);
}
:host([hidden]) { display: none; }
`;

/** A style sheet of a text, made when it is first asked for: a server has none. */
export function lazySheet(css: string): () => CSSStyleSheet {
  let sheet: CSSStyleSheet | undefined;
  return () => {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    return sheet;
  };
}
