import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** One import, export-from, dynamic import or import type of a source file. */
interface SourceImport {
  specifier: string;
  /** Path inside `src` of the file meant, `undefined` for a package. */
  target: string | undefined;
  isTypeOnly: boolean;
}

/** One parsed file; `path` is relative to `src`. */
export interface SourceFile {
  path: string;
  text: string;
  tree: ts.SourceFile;
  imports: readonly SourceImport[];
}

const sourceFolder = fileURLToPath(new URL('../../src', import.meta.url));

/** Every TypeScript file below `src`, parsed. */
export function readSourceTree(): SourceFile[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .map((path) => parseFile(path, readFileSync(join(sourceFolder, path), 'utf8')));
}

/** Every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesOf(child);
}

/** Where a node starts, for messages: `contract/errors.ts:12`. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `${file.path}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}

/** Lines from the first to the last character of a node, without the comments before it. */
export function lineCountOf(file: SourceFile, node: ts.Node): number {
  const line = (position: number): number => file.tree.getLineAndCharacterOfPosition(position).line;
  return line(node.end) - line(node.getStart(file.tree)) + 1;
}

function parseFile(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  const imports = [...nodesOf(tree)].flatMap((node) => importOf(node, path));
  return { path, text, tree, imports };
}

function importOf(node: ts.Node, from: string): SourceImport[] {
  const specifier = specifierOf(node);
  if (specifier === undefined) return [];
  const target = specifier.startsWith('.')
    ? relative('.', join(dirname(from), specifier)).replace(/\.js$/, '.ts')
    : undefined;
  return [{ specifier, target, isTypeOnly: isTypeOnly(node) }];
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]) ?? 'import of a computed name';
  }
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly);
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}
