import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

const pages = ['README.md', 'CONTRIBUTING.md', ...globSync(['docs/*.md', 'examples/*/readme.md'], { cwd: project })];

test.each(pages)(
  '%s names only import paths that the package has, and links only to files and headings that exist',
  (path) => {
    const text = readFileSync(join(project, path), 'utf8');
    expect(missingImportPaths(text)).toEqual([]);
    expect(linksOf(text).length).toBeGreaterThan(path === 'README.md' ? 3 : 0);
    expect(brokenLinks(text, join(project, dirname(path)))).toEqual([]);
  },
);

test('README counts the answers of the deck as they are', () => {
  expect(readme).toContain(`a deck of ${deck.length} answers`);
});

test('README stays short enough to read', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(500);
});

/** The options whose documentation does not say that they are not yet supported, or supported only in name. */
function supportedOptions(): readonly string[] {
  const path = 'src/contract/grading-options.ts';
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

function missingImportPaths(text: string): string[] {
  const { exports }: { exports: Record<string, unknown> } = JSON.parse(readFileSync(`${project}package.json`, 'utf8'));
  const named = new Set([...text.matchAll(/gradelanes\/([a-z-]+)/g)].map(([, name = '']) => `./${name}`));
  return [...named].filter((path) => exports[path] === undefined);
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
}

function brokenLinks(text: string, folder: string): string[] {
  const headings = new Set([...text.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));
  return linksOf(text).filter((target) => {
    if (target.startsWith('https://')) return false;
    return target.startsWith('#') ? !headings.has(target.slice(1)) : !existsSync(join(folder, target));
  });
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
