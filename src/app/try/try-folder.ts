import {existsSync} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {writeJsonAtomically} from '../../support/atomic-file.js';

/** What a try leaves beside its runs. */
export interface TryFolder {
  readonly path: string;
  /** What was asked for: the same again goes on here. */
  readonly asked: string;
  /** There when it is finished. */
  readonly result: string;
  readonly page: string;
}

/** The files of a try. */
export function tryFolder(path: string): TryFolder {
  return {
    path,
    asked: join(path, 'asked.json'),
    result: join(path, 'try.json'),
    page: join(path, 'report.html'),
  };
}

/**
 * The folder to work in: `base`, or the first of `base-2`, `base-3`, ... that is free or holds an unfinished try of the
 * same settings, which then goes on.
 */
export async function claimTryFolder(base: string, asked: unknown): Promise<TryFolder> {
  for (let n = 1; ; n++) {
    const folder = tryFolder(n === 1 ? base : `${base}-${n}`);
    if (await isFree(folder.path)) {
      await writeJsonAtomically(folder.asked, asked);
      return folder;
    }
    if (!existsSync(folder.result) && (await wasAsked(folder)) === JSON.stringify(asked)) return folder;
  }
}

async function isFree(path: string): Promise<boolean> {
  return !existsSync(path) || ((await stat(path)).isDirectory() && (await readdir(path)).length === 0);
}

async function wasAsked({asked}: TryFolder): Promise<string | undefined> {
  if (!existsSync(asked)) return undefined;
  return JSON.stringify(JSON.parse(await readFile(asked, 'utf8')));
}
