// The test that README shows first to test authors: it runs here, word for word.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('\n## Testing your app'));
const [, block = ''] = /```ts no-run\n(.*?)```/s.exec(section) ?? [];
const folder = new URL('../.first-test/', import.meta.url);
const file = new URL('block.ts', folder);

mkdirSync(folder, { recursive: true });
writeFileSync(file, block);

describe("README's first test", async () => {
  // A path that no tool can follow, since the file is written here.
  await import(file.pathname);

  test('is at most five lines long', () => {
    const lines = block.slice(block.indexOf('\ntest(')).trim().split('\n');
    expect(lines[0]).toMatch(/^test\('/);
    expect(lines.length).toBeLessThanOrEqual(5);
  });
});
