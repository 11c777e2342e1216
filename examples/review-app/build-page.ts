import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A file of the page. */
export interface PageFile {
  type: string;
  content: string;
}

const folder = fileURLToPath(new URL('page/', import.meta.url));

/** Bundles the page's script as any app's build does, and reads the rest. By path. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const [{ outputFiles }, html, css, icon] = await Promise.all([
    build({ entryPoints: [`${folder}main.ts`], bundle: true, format: 'esm', target: 'es2023', write: false }),
    readFile(`${folder}page.html`, 'utf8'),
    readFile(`${folder}page.css`, 'utf8'),
    readFile(`${folder}icon.svg`, 'utf8'),
  ]);
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', content: html }],
    ['/page.css', { type: 'text/css; charset=utf-8', content: css }],
    ['/icon.svg', { type: 'image/svg+xml', content: icon }],
    ['/main.js', { type: 'text/javascript; charset=utf-8', content: outputFiles[0]?.text ?? '' }],
  ]);
}
