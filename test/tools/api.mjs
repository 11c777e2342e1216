// Public API report: every export of every entry, and what their types refer to, printed from dist/*.d.ts.
// `--write` updates test/api.snap.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

const snapshot = 'test/api.snap';
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.entries(exports).filter(([, { types }]) => types !== undefined);
const program = ts.createProgram(
  entries.map(([, { types }]) => types),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    skipLibCheck: true,
    types: ['node'],
  },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });
const report = writeReport();

if (process.argv.includes('--write')) writeFileSync(snapshot, report);
else if (!existsSync(snapshot) || readFileSync(snapshot, 'utf8') !== report) {
  console.error('public API changed: run `npm run check:api -- --write` and review the diff');
  process.exitCode = 1;
}

function writeReport() {
  const sections = entries.map(([name, { types }]) => [name, exportsOf(types)]);
  const exported = new Set(sections.flatMap(([, symbols]) => symbols));
  const referred = [...reachableFrom(exported).difference(exported)].toSorted(byName);
  return [...sections, ['not exported, but part of the types above', referred]]
    .map(([name, symbols]) => `# ${name}\n${symbols.flatMap(declarationsOf).map(print).join('\n')}\n`)
    .join('\n');
}

function exportsOf(path) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  return checker.getExportsOfModule(module).map(aliased).toSorted(byName);
}

/** The symbols of this package that the declarations of others mention. */
function reachableFrom(exported) {
  const reached = new Set(exported);
  const visit = (node) => {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    const meant = symbol === undefined ? undefined : aliased(symbol);
    if (meant !== undefined && declarationsOf(meant).some(isTopLevel)) reached.add(meant);
    ts.forEachChild(node, visit);
  };
  for (const symbol of reached) declarationsOf(symbol).forEach(visit);
  return reached;
}

function aliased(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function declarationsOf(symbol) {
  return symbol.declarations ?? [];
}

function isTopLevel(declaration) {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent) && statement.parent.fileName.startsWith('dist/');
}

function print(declaration) {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, statement, declaration.getSourceFile());
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}
