import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { deck } from '../../examples/deck.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${project}README.md`, 'utf8');

/** Accepted, but without effect so far: nothing to advertise. */
const withoutEffect = new Set<string>();

test('README lists every option that does something, and no other', () => {
  const table = readme.slice(readme.indexOf('\n## Options'), readme.indexOf('\n## Errors'));
  const listed = [...table.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  );
  expect(listed.toSorted()).toEqual(supportedOptions().toSorted());
});

test('README names only import paths that the package has', () => {
  const { exports }: { exports: Record<string, unknown> } = JSON.parse(readFileSync(`${project}package.json`, 'utf8'));
  const named = new Set([...readme.matchAll(/gradelanes\/([a-z-]+)/g)].map(([, name = '']) => `./${name}`));
  expect([...named].filter((path) => exports[path] === undefined)).toEqual([]);
});

test('README links only to files and headings that exist', () => {
  const headings = new Set([...readme.matchAll(/^##+ (.+)$/gm)].map(([, text = '']) => anchorOf(text)));
  const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  const broken = targets.filter((target) => {
    if (target.startsWith('https://')) return false;
    return target.startsWith('#') ? !headings.has(target.slice(1)) : !existsSync(`${project}${target}`);
  });
  expect(targets.length).toBeGreaterThan(3);
  expect(broken).toEqual([]);
});

test('README counts the answers of the deck as they are', () => {
  expect(readme).toContain(`a deck of ${deck.length} answers`);
});

test('README stays short enough to read', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(400);
});

/** The options whose documentation does not say that they are not yet supported, or supported only in name. */
function supportedOptions(): readonly string[] {
  const path = 'src/core/grading-options.ts';
  const file = ts.createSourceFile(path, readFileSync(`${project}${path}`, 'utf8'), ts.ScriptTarget.Latest, true);
  const options = file.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === 'GradingOptions',
  );
  if (options === undefined || !ts.isInterfaceDeclaration(options)) throw new Error('GradingOptions has moved');
  return options.members
    .filter((member) => !/_(?:Not yet supported|Only .* supported yet)\._/.test(member.getFullText()))
    .map((member) => member.name?.getText() ?? '')
    .filter((name) => !withoutEffect.has(name));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
