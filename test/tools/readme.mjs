// The ts blocks of README.md, of docs, skills and the readmes beside examples: all compile against dist; all but those tagged `no-run`
// run on a mock server, and print what the comments behind their console.log calls say (`…` stands for anything).
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import ts from 'typescript';
import { mockServer } from '../../dist/testing-server.js';
import { findBlocks, typeCheckBlocks, writeBlocks } from './code-blocks.mjs';

const folder = 'test/.readme';
const readmes = ['README.md', ...globSync(['docs/**/*.md', 'skills/*/SKILL.md', 'examples/*/readme.md'])];
const blocks = readmes.flatMap((path) => findBlocks(readFileSync(path, 'utf8'), path));
const complaints = [];

checkShape();
writeBlocks(folder, blocks);
const typeErrors = typeCheckBlocks(folder, blocks);
if (typeErrors === '') await runBlocks();
else complaints.push(typeErrors);
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

function checkShape() {
  const [first] = blocks;
  if (first === undefined) complaints.push('README.md has no ts block');
  else if (first.code.trimEnd().split('\n').length > 20) complaints.push('the first ts block exceeds 20 lines');
  for (const { origin, tag, line } of blocks) {
    if (tag !== '' && tag !== 'no-run') complaints.push(`${origin}:${line}: unknown tag "${tag}"`);
  }
}

async function runBlocks() {
  const server = await mockServer();
  const env = {
    ...process.env,
    OPENAI_BASE_URL: `${server.url}/v1`,
    OPENAI_API_KEY: 'none',
    ANTHROPIC_BASE_URL: server.url,
    ANTHROPIC_API_KEY: 'none',
  };
  try {
    for (const block of blocks) complaints.push(...(await runBlock(block, env)));
  } finally {
    await server.close();
  }
}

async function runBlock({ origin, file, code, line, tag }, env) {
  const place = `${origin}:${line}`;
  if (tag === 'no-run') return report(place, 'compiled', []);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env, timeout: 20_000 });
    const missing = expectedLines(code).filter((expected) => !isPrinted(expected, stdout));
    return report(
      place,
      'ran',
      missing.map((expected) => `${place}: no line "${expected}" in the output:\n${stdout}`),
    );
  } catch (error) {
    return [`${place}: ${error.message}\n${error.stdout ?? ''}`];
  }
}

function report(place, what, failures) {
  if (failures.length === 0) console.log(`${place} ${what}`);
  return failures;
}

/** The text of the comments that trail console.log statements. */
function expectedLines(code) {
  const expected = [];
  const visit = (node) => {
    if (isConsoleLog(node)) {
      const [comment] = ts.getTrailingCommentRanges(code, node.end) ?? [];
      if (comment !== undefined) expected.push(code.slice(comment.pos + 2, comment.end).trim());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest, true));
  return expected;
}

function isConsoleLog(node) {
  return (
    ts.isExpressionStatement(node) &&
    ts.isCallExpression(node.expression) &&
    node.expression.expression.getText() === 'console.log'
  );
}

function isPrinted(expected, stdout) {
  const parts = expected.split('…').map((part) => RegExp.escape(part));
  return new RegExp(`^\\s*${parts.join('.*')}\\s*$`, 'm').test(stdout);
}
