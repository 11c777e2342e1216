import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { lineCountOf, nodesOf, placeOf, readSourceTree, type SourceFile } from './tools/source-tree.js';

/** Rooms that know nothing of grading runs: every other one may import them. */
const ground = ['contract', 'json'];
const engine = ['calls', 'chain', 'intake', 'limits', 'providers', 'reuse', 'run', 'spending', 'stream', 'telemetry'];

/** The rooms of the engine from the ways in down to the ground: a room imports those below it. */
const engineFloors: readonly (readonly string[])[] = [
  ['engine'],
  ['engine/stream'],
  ['engine/chain', 'engine/intake'],
  ['engine/calls', 'engine/reuse'],
  ['engine/run'],
  ['engine/spending'],
  ['engine/providers'],
  ['engine/limits', 'engine/telemetry'],
];
const engineRooms = engineFloors.flat();
const rooms = ['async', 'input', 'grading', 'vendor', 'wire', ...engineRooms];

/** Which rooms a room imports, beside itself and the ground. A new file needs no entry, a new room does. */
const directions: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  json: [],
  async: [],
  grading: [],
  input: ['async'],
  vendor: ['async'],
  wire: ['async'],
  ...Object.fromEntries(
    engineFloors.flatMap((floor, depth) =>
      floor.map((room) => [room, ['async', 'input', 'grading', ...engineFloors.slice(depth + 1).flat()]]),
    ),
  ),
  index: rooms,
  client: ['wire'],
  elements: ['wire'],
  'ai-sdk': ['input', 'vendor'],
  anthropic: ['input', 'vendor'],
  // Its decisions endpoint takes questions, not a prompt: the adapter words them itself.
  openai: ['input', 'grading', 'vendor'],
  // It gives way to other work between answers.
  offline: ['async', 'input', 'grading'],
  'testing-server': ['input', 'grading', 'vendor'],
  bulk: [...rooms, 'vendor'],
  evaluate: rooms,
  http: [...rooms, 'wire'],
  jobs: rooms,
  limiter: ['async', 'input', 'engine/limits'],
  otel: ['async', 'input', 'grading', ...engineRooms],
  testing: rooms,
};

/** The packages that may be imported, and by which files. */
const packages: readonly { name: RegExp; allowed: (path: string) => boolean; typesOnly?: boolean }[] = [
  { name: /^p-queue$/, allowed: (path) => path === 'engine/limits/create-controller.ts' },
  // Where outside data enters. Not `zod`: it is five times the size.
  { name: /^zod\/mini$/, allowed: (path) => zodRooms.has(roomOf(path)) },
  { name: /^@anthropic-ai\/sdk(\/|$)/, allowed: belongsTo('anthropic'), typesOnly: true },
  { name: /^openai(\/|$)/, allowed: belongsTo('openai'), typesOnly: true },
  { name: /^rate-limiter-flexible$/, allowed: (path) => path === 'jobs/global-limiter.ts' },
  { name: /^@opentelemetry\/api(-logs)?$/, allowed: belongsTo('otel'), typesOnly: true },
  { name: /^node:/, allowed: (path) => belongsTo('testing-server')(path) || belongsTo('jobs')(path) },
];

const zodRooms = new Set(['input', 'engine/reuse', 'http', 'bulk', 'evaluate']);
const vagueNames = new Set(['utils', 'helpers', 'common', 'types', 'constants']);
const silencers = ['@ts-ignore', '@ts-expect-error', '@ts-nocheck', 'oxlint-disable', 'eslint-disable'];
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/;
const project = fileURLToPath(new URL('..', import.meta.url));
const files = readSourceTree();
const filesByPath = new Map(files.map((file) => [file.path, file]));
const isEntry = (path: string): boolean => dirname(path) === '.';
const entryNames = files.filter((file) => isEntry(file.path)).map((file) => basename(file.path, '.ts'));

describe('directions of imports', () => {
  test('every room is in the table of directions', () => {
    const found = new Set(files.map((file) => roomOf(file.path)));
    expect(new Set(Object.keys(directions))).toEqual(found);
  });

  test('a room imports only what the table of directions says', () => {
    const wrong = importsWithin('', (target) => !isEntry(target)).filter(({ from, target }) => {
      const [room, other] = [roomOf(from), roomOf(target)];
      return room !== other && !ground.includes(other) && directions[room]?.includes(other) !== true;
    });
    expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });

  test('adapters take of the checks of input only the rules for options', () => {
    const wrong = ['ai-sdk/', 'anthropic/', 'openai/', 'testing-server/']
      .flatMap((folder) => importsWithin(folder, (target) => roomOf(target) === 'input'))
      .filter(({ target }) => target !== 'input/option-rules.ts');
    expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });

  test('no room imports one that imports it', () => {
    const pairs = new Set(
      importsWithin('', (target) => !isEntry(target)).map(({ from, target }) => `${roomOf(from)} ${roomOf(target)}`),
    );
    const mutual = [...pairs].filter((pair) => {
      const [room, other] = pair.split(' ');
      return room !== other && pairs.has(`${other} ${room}`);
    });
    expect(mutual).toEqual([]);
  });

  test('nothing imports an entry', () => {
    expect(importsWithin('', isEntry).map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });

  test('the private folder of an entry is used by that entry alone', () => {
    const wrong = importsWithin('', (target) => entryNames.includes(folderOf(target))).filter(
      ({ from, target }) => !belongsTo(folderOf(target))(from),
    );
    expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });

  test('there are no import cycles, imports of types included', () => {
    expect(findCycles()).toEqual([]);
  });

  test('every relative import names a file that exists', () => {
    const wrong = importsWithin('', (target) => !filesByPath.has(target));
    expect(wrong.map(({ from, target }) => `${from} -> ${target}`)).toEqual([]);
  });
});

describe('packages', () => {
  test('are imported only where they belong, and SDKs for their types only', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((each) => each.target === undefined)
        .filter(({ specifier, isTypeOnly }) => {
          const rule = packages.find(({ name }) => name.test(specifier));
          return rule === undefined || !rule.allowed(file.path) || (rule.typesOnly === true && !isTypeOnly);
        })
        .map(({ specifier }) => `${file.path} -> ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the root entry reaches nothing but p-queue and zod/mini, not even for types', () => {
    const reached = [...reachableFrom('index.ts')].flatMap((path) => filesByPath.get(path)?.imports ?? []);
    const specifiers = reached.filter((each) => each.target === undefined).map((each) => each.specifier);
    expect([...new Set(specifiers)].filter((name) => name !== 'p-queue' && name !== 'zod/mini')).toEqual([]);
  });
});

describe('names and places', () => {
  test('no folder or file is a drawer, and only the root entry is called index', () => {
    const wrong = files
      .map((file) => file.path)
      .filter((path) => path !== 'index.ts' && /(^|\/)index\.ts$/.test(path))
      .concat(namesInProject().filter((path) => path.split(/[/.]/).some((part) => vagueNames.has(part))));
    expect(wrong).toEqual([]);
  });

  test('file names are kebab-case', () => {
    expect(
      namesInProject().filter((path) => !kebabCase.test(basename(path)) && basename(path) !== 'README.md'),
    ).toEqual([]);
  });
});

/** The same name for two things that are told apart by their room: `modelRequest`, `options`. Exported to users is neither. */
describe('public names', () => {
  test('no name that an entry exports is declared in two files', () => {
    const published = new Set(files.filter(({ path }) => isEntry(path)).flatMap((file) => [...reexportedNames(file)]));
    const places = new Map<string, string[]>();
    for (const file of files) {
      for (const name of declaredNames(file)) places.set(name, [...(places.get(name) ?? []), file.path]);
    }
    expect([...places].filter(([name, paths]) => published.has(name) && paths.length > 1)).toEqual([]);
  });
});

describe('budgets', () => {
  const lineCounts = files.map((file) => file.text.trimEnd().split('\n').length);

  test('no file is longer than 300 lines, half of them at most 100', () => {
    const median = lineCounts.toSorted((a, b) => a - b)[Math.floor(lineCounts.length / 2)];
    expect(files.filter((_, index) => (lineCounts[index] ?? 0) > 300).map((file) => file.path)).toEqual([]);
    expect(median).toBeLessThanOrEqual(100);
  });

  test('no function is longer than 60 lines', () => {
    expect(placesWhere((file, node) => ts.isFunctionLike(node) && lineCountOf(file, node) > 60)).toEqual([]);
  });

  test('there is no any and no non-null assertion', () => {
    expect(placesWhere((_, node) => isUnsafe(node))).toEqual([]);
  });

  test('no check is silenced', () => {
    expect(files.filter((file) => silencers.some((each) => file.text.includes(each))).map((file) => file.path)).toEqual(
      [],
    );
  });
});

/** What a file hands on from others. */
function reexportedNames({ tree }: SourceFile): readonly string[] {
  return [...nodesOf(tree)].filter(ts.isExportSpecifier).map(({ name }) => name.text);
}

/** What a file exports of its own. */
function declaredNames({ tree }: SourceFile): readonly string[] {
  return tree.statements.filter(isExported).flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(tree));
    }
    const { name } = statement as ts.DeclarationStatement;
    return name === undefined ? [] : [name.getText(tree)];
  });
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function importsWithin(folder: string, isMeant: (target: string) => boolean): { from: string; target: string }[] {
  return files
    .filter((file) => file.path.startsWith(folder))
    .flatMap((file) => file.imports.map(({ target }) => ({ from: file.path, target: target ?? '' })))
    .filter(({ target }) => target !== '' && isMeant(target));
}

/** The folder of a file; of the engine's, the one below; of an entry, its name. */
function roomOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (isEntry(path)) return basename(path, '.ts');
  return first === 'engine' && engine.includes(second) ? `engine/${second}` : first;
}

function folderOf(path: string): string {
  return isEntry(path) ? '' : (path.split('/')[0] ?? '');
}

function belongsTo(entry: string): (path: string) => boolean {
  return (path) => path === `${entry}.ts` || path.startsWith(`${entry}/`);
}

function findCycles(): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (trail.includes(path) || done.has(path)) return;
    for (const { target } of filesByPath.get(path)?.imports ?? []) {
      if (target !== undefined) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

function reachableFrom(start: string): Set<string> {
  const reached = new Set([start]);
  for (const path of reached) {
    for (const { target } of filesByPath.get(path)?.imports ?? []) if (target !== undefined) reached.add(target);
  }
  return reached;
}

function placesWhere(isMeant: (file: SourceFile, node: ts.Node) => boolean): string[] {
  return files.flatMap((file) =>
    [...nodesOf(file.tree)].filter((node) => isMeant(file, node)).map((node) => placeOf(file, node)),
  );
}

function isUnsafe(node: ts.Node): boolean {
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) return node.exclamationToken !== undefined;
  return node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node);
}

function namesInProject(): string[] {
  return ['src', 'test', 'examples'].flatMap((folder) =>
    readdirSync(`${project}${folder}`, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile() && !each.parentPath.includes('/.'))
      .map((each) => `${each.parentPath.slice(project.length)}/${each.name}`),
  );
}
