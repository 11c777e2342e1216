import type { Json } from './cassette.js';

/** JSON with its keys in order, so that a formatter that sorts them changes nothing. Undefined members are left out. */
export function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((each: Json) => canonical(each)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([first], [second]) => (first < second ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

/** FNV-1a (Fowler, Noll, Vo 1991): names a text in a file, so that the name stays while the text does. Not for secrets. */
export function fingerprintOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
