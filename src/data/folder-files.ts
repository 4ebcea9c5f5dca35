import type {Dirent} from 'node:fs';
import {opendir, realpath, stat} from 'node:fs/promises';
import {isAbsolute, join} from 'node:path';
import {UserError, exitCodes} from '../support/errors.js';
import {compareCodePoints} from './code-point-order.js';
import type {FileStore} from './file-store.js';
import {isClutter} from './inside-path.js';
import {sortingSpool} from './sorting-spool.js';

export interface FolderOptions {
  /** The table that the user's path names. */
  readonly table?: string;
  /** Which files are listed; all when left out. */
  readonly includes?: (path: string) => boolean;
}

/** The files below a folder. Links are followed, and a folder that is reached twice is listed once. */
export function folderStore(root: string, {table, includes = () => true}: FolderOptions = {}): FileStore {
  const place = (path: string) => (isAbsolute(path) ? path : join(root, path));
  let listed: Promise<readonly string[]> | undefined;
  return {
    table: table ?? null,
    place,
    list: () => (listed ??= listFiles(root, includes)),
    find: async (path) => {
      const stats = await stat(place(path)).catch(() => undefined);
      return stats?.isFile() ? {bytes: stats.size, part: {path: place(path)}} : undefined;
    },
  };
}

async function listFiles(root: string, includes: (path: string) => boolean): Promise<readonly string[]> {
  const files = sortingSpool<string>((path) => path);
  for await (const file of walk(root, '', new Set())) if (includes(file)) files.add(file);
  return files.finish();
}

async function* walk(root: string, below: string, seen: Set<string>): AsyncGenerator<string> {
  const folder = join(root, below);
  const real = await realpath(folder).catch((error: unknown) => unreadable(folder, error));
  if (seen.has(real)) return;
  seen.add(real);
  const folders: string[] = [];
  const entries = await opendir(folder, {bufferSize: 1024}).catch((error: unknown) =>
    unreadable(folder, error),
  );
  for await (const entry of entries) {
    if (isClutter(entry.name)) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const kind = await kindOf(entry, join(root, path));
    if (kind === 'file') yield path;
    else if (kind === 'folder') folders.push(path);
  }
  for (const path of folders.sort(compareCodePoints)) yield* walk(root, path, seen);
}

function unreadable(folder: string, error: unknown): never {
  throw new UserError(`${folder}: expected a readable folder, got ${String(error)}`, {
    exit: exitCodes.data,
    cause: error,
  });
}

/** What an entry is, behind a link if it is one; a dangling link is neither. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (target?.isFile()) return 'file';
  return target?.isDirectory() ? 'folder' : 'other';
}
