import type {Dirent} from 'node:fs';
import {readdir, realpath, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError, exitCodes} from '../support/errors.js';
import {compareCodePoints} from './code-point-order.js';
import {readFilePart} from './file-part.js';
import type {FileStore} from './file-store.js';
import {isClutter} from './inside-path.js';

/** The files below a folder. Links are followed, and a folder that is reached twice is listed once. */
export function folderStore(root: string, table: string | null = null): FileStore {
  return {
    table,
    place: (path) => join(root, path),
    list: async () => (await walk(root, '', new Set())).sort(compareCodePoints),
    size: async (path) => {
      const stats = await stat(join(root, path)).catch(() => undefined);
      return stats?.isFile() ? stats.size : undefined;
    },
    read: (path) => readFilePart({path: join(root, path)}),
    part: (path) => ({path: join(root, path)}),
  };
}

async function walk(root: string, below: string, seen: Set<string>): Promise<string[]> {
  const folder = join(root, below);
  const {real, entries} = await listFolder(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const files: string[] = [];
  for (const entry of entries) {
    if (isClutter(entry.name)) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const kind = await kindOf(entry, join(root, path));
    if (kind === 'file') files.push(path);
    else if (kind === 'folder') for (const file of await walk(root, path, seen)) files.push(file);
  }
  return files;
}

async function listFolder(folder: string) {
  try {
    return {real: await realpath(folder), entries: await readdir(folder, {withFileTypes: true})};
  } catch (error) {
    throw new UserError(`${folder}: expected a readable folder, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

/** What an entry is, behind a link if it is one; a dangling link is neither. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
  if (target?.isFile()) return 'file';
  return target?.isDirectory() ? 'folder' : 'other';
}
