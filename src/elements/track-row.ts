import { createElement } from './create-element.js';

/** A bar in a track: its parts, from which share of the width (0..1) to which it goes, and a tooltip. */
export type Bar = readonly [part: string, from: number, to: number, hint?: string];

/** A name, a track with bars, and a note. */
export function createTrackRow(name: string, bars: readonly Bar[], note: string, noteClass = ''): Node {
  return createElement(
    'div',
    { part: 'row', class: 'row' },
    createElement('span', {}, name),
    createElement('div', { class: 'track' }, ...bars.map(createBar)),
    createElement('span', { class: noteClass }, note),
  );
}

/** Placed through the CSS object model, which a Content-Security-Policy without inline styles allows. */
function createBar([part, from, to, title]: Bar): Node {
  const bar = createElement('span', { part, class: part, ...(title !== undefined && { title }) });
  bar.style.setProperty('left', `${from * 100}%`);
  bar.style.setProperty('width', `${Math.max(0, to - from) * 100}%`);
  return bar;
}
