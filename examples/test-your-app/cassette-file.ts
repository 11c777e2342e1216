// The file that holds what a model once said about the card.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { CassetteStore } from 'gradelanes/testing';

const file = new URL('review.cassette.json', import.meta.url);

export const cassetteFile: CassetteStore = {
  read: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  write: (text) => writeFileSync(file, text),
};
