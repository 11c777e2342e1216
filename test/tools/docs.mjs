// The documentation of what users see: every export of every entry says what it is, every exported function and class
// shows an example, and every example in src compiles against dist.
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { findBlocks, typeCheckBlocks, writeBlocks } from './code-blocks.mjs';

const folder = 'test/.examples';
const entries = readdirSync('src').filter((name) => name.endsWith('.ts'));
const complaints = [...undocumented(), ...brokenExamples()];

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;

function undocumented() {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  const program = ts.createProgram(
    entries.map((name) => `src/${name}`),
    options,
  );
  const checker = program.getTypeChecker();
  const exported = entries.flatMap((name) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(`src/${name}`));
    return module === undefined ? [] : checker.getExportsOfModule(module).map((symbol) => aliased(symbol, checker));
  });
  console.log(`${new Set(exported).size} exports of ${entries.length} entries`);
  return [...new Set(exported)].flatMap((symbol) => complaintsAbout(symbol, checker));
}

function aliased(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function complaintsAbout(symbol, checker) {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const hasExample = symbol.getJsDocTags(checker).some(({ name }) => name === 'example');
  return [
    ...(/^\s*\S/.test(text) ? [] : [`${placeOf(symbol)}: ${symbol.name} has no description`]),
    ...(hasExample || !needsExample(symbol, checker) ? [] : [`${placeOf(symbol)}: ${symbol.name} has no @example`]),
  ];
}

function needsExample(symbol, checker) {
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) return true;
  if (!(symbol.flags & ts.SymbolFlags.Variable)) return false;
  return checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0;
}

function placeOf(symbol) {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return 'src';
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
  return `${file.fileName.replace(`${process.cwd()}/`, '')}:${line + 1}`;
}

function brokenExamples() {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const blocks = files.flatMap((name) => examplesOf(`src/${name}`));
  writeBlocks(folder, blocks);
  const typeErrors = typeCheckBlocks(folder, blocks);
  console.log(`${blocks.length} examples of ${files.length} files`);
  return typeErrors === '' ? [] : [typeErrors];
}

/** The ts blocks inside the `@example` tags of one file. */
function examplesOf(path) {
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const blocks = [];
  const visit = (node) => {
    for (const tag of ts
      .getJSDocTags(node)
      .filter((each) => each.tagName.text === 'example' && each.parent.parent === node)) {
      const markdown = tag.getFullText(file).replaceAll(/^[ \t]*\* ?/gm, '');
      blocks.push(...findBlocks(markdown, path, file.getLineAndCharacterOfPosition(tag.pos).line));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return blocks;
}
