import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {freeBytes} from '../../engine/install/disk-space.js';
import {cacheFolder} from '../../support/cache-folder.js';

/** The user cache. */
export interface CacheFacts {
  readonly folder: string;
  /** What it holds; 0 when it is not there yet. */
  readonly bytes: number;
  /** Free on its file system. */
  readonly freeBytes: number;
}

/** Measures the user cache. */
export async function measureCache(folder = cacheFolder()): Promise<CacheFacts> {
  return {folder, bytes: await folderBytes(folder), freeBytes: await freeBytes(folder)};
}

/** Sum of the sizes of the files below a folder; links are not followed. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
  const sizes = entries.map(async (entry): Promise<number> => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return folderBytes(path);
    // a file may vanish while we look
    return entry.isFile()
      ? stat(path)
          .then(({size}) => size)
          .catch(() => 0)
      : 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}
