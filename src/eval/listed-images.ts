import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {ImageRef} from '../data/rows.js';
import {utf8Text} from '../data/utf8-text.js';
import {exitCodes, UserError} from '../support/errors.js';
import type {KnownImage} from './known-set.js';

/** Looked up at a time. */
const atATime = 256;

/**
 * The images that a list of the set names, one a line.
 * @param read file below `root` and label of a line; undefined for a line that is none
 * @returns undefined when there is no such list
 * @throws UserError (data) for a line that cannot be read, or an image that is not there
 */
export async function listedImages(
  root: string,
  list: string,
  read: (line: string) => {readonly file: string; readonly label: string} | undefined,
): Promise<KnownImage[] | undefined> {
  const path = join(root, list);
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined) return undefined;
  const lines = utf8Text(content, path)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const rows = lines.map((line, i) => {
    const row = read(line);
    if (row !== undefined) return row;
    throw new UserError(`${path}: line ${i + 1}: expected an image of the set, got ${line.slice(0, 60)}`, {
      exit: exitCodes.data,
    });
  });
  const images: KnownImage[] = [];
  for (let start = 0; start < rows.length; start += atATime) {
    const part = rows.slice(start, start + atATime);
    images.push(
      ...(await Promise.all(
        part.map(async ({file, label}) => ({image: await diskImage(root, file), label})),
      )),
    );
  }
  return images;
}

/**
 * An image of a set on disk.
 * @throws UserError (data) when it is not there
 */
async function diskImage(root: string, file: string): Promise<ImageRef> {
  const path = join(root, file);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) {
    return {id: file, place: path, bytes: stats.size, read: () => readFile(path), part: {path}};
  }
  throw new UserError(`${path}: expected an image of the set, got no such file`, {
    exit: exitCodes.data,
    tryThis: 'unpack the whole archive again',
  });
}
