// Code blocks of documents: written to a folder inside this package and type-checked there against the built package,
// which they import by name as a user does.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

/** @typedef {{ origin: string, line: number, code: string, tag: string, file?: string }} CodeBlock */

/** The ts blocks of a Markdown text; `line` is that of the first line of code. @returns {CodeBlock[]} */
export function findBlocks(markdown, origin, lineOffset = 0) {
  return [...markdown.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    origin,
    line: lineOffset + markdown.slice(0, match.index).split('\n').length + 1,
    code: match[2],
    tag: match[1].trim(),
  }));
}

/** Writes the blocks to a fresh folder, each as a module of its own. */
export function writeBlocks(folder, blocks) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const block of blocks) {
    block.file = `${folder}/${block.origin.replaceAll('/', '-')}-${block.line}.ts`;
    writeFileSync(block.file, `${block.code}\nexport {};\n`);
  }
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(compilerConfig));
}

/** Type-checks what `writeBlocks` wrote. @returns {string} the complaints, at their places in the documents */
export function typeCheckBlocks(folder, blocks) {
  const { status, stdout, stderr, error } = spawnSync('node_modules/.bin/tsc', ['-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  if (status === 0) return '';
  if (status === null) throw new Error('tsc did not run', { cause: error });
  const withPlaces = `${stdout}${stderr}`.replaceAll(/^(\S+\.ts)\((\d+),/gm, (text, file, line) => {
    const block = blocks.find((each) => each.file === file);
    return block === undefined ? text : `${block.origin}:${block.line + Number(line) - 1}(`;
  });
  return withPlaces.replaceAll(/(:\d+)\(\d+\): /g, '$1: ');
}

const compilerConfig = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    paths: {},
    rootDir: '../..',
    isolatedDeclarations: false,
    declaration: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ['*.ts'],
  exclude: [],
};
