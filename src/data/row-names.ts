import {UserError, exitCodes} from '../support/errors.js';
import {compareCodePoints} from './code-point-order.js';
import type {ImageRef} from './rows.js';
import {imageExtension} from './stem-groups.js';

const safeName = /^[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;
const longestName = 128;

/**
 * File names for images. Those of plain files are kept when they are safe on every disk, told apart without case, and (where
 * asked for) in order; otherwise rows are numbered. Names from archives never reach the disk.
 */
export async function rowNames(
  images: readonly ImageRef[],
  {inOrder, read}: {readonly inOrder: boolean; readonly read: (image: ImageRef) => Promise<Buffer>},
): Promise<readonly string[]> {
  const kept = images.map(({id}) => id.slice(id.lastIndexOf('/') + 1));
  const arePlain = images.every(({part}) => part !== undefined && !part.entry && !part.cell);
  if (arePlain && kept.every(isSafe) && areDistinct(kept) && (!inOrder || areSorted(kept))) return kept;
  const digits = Math.max(6, String(images.length).length);
  const names: string[] = [];
  for (const [i, image] of images.entries()) {
    names.push(`${String(i).padStart(digits, '0')}.${await extensionOf(image, read)}`);
  }
  return names;
}

function isSafe(name: string): boolean {
  return safeName.test(name) && name.length <= longestName && imageExtension.test(name);
}

/** Some disks know no case, and in some formats the extension does not count. */
function areDistinct(names: readonly string[]): boolean {
  const stems = names.map((name) => name.slice(0, name.lastIndexOf('.')).toLowerCase());
  return new Set(stems).size === names.length;
}

/** As a reader would sort them, extension and all. */
function areSorted(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || compareCodePoints(names[i - 1]!, name) < 0);
}

/** First bytes of formats, in Latin-1. */
const signatures: readonly (readonly [extension: string, start: string, at: number])[] = [
  ['jpg', '\xff\xd8', 0],
  ['png', '\x89PNG', 0],
  ['gif', 'GIF8', 0],
  ['webp', 'WEBP', 8],
  ['tif', 'II*\0', 0],
  ['tif', 'MM\0*', 0],
  ['avif', 'ftypavif', 4],
];

/** From the name, else from the first bytes. */
async function extensionOf(image: ImageRef, read: (image: ImageRef) => Promise<Buffer>): Promise<string> {
  const written = imageExtension.exec(image.id)?.[1];
  if (written !== undefined) return written.toLowerCase();
  const content = await read(image);
  const found = signatures.find(
    ([, start, at]) => content.toString('latin1', at, at + start.length) === start,
  );
  if (found !== undefined) return found[0];
  throw new UserError(`${image.place}: expected an image, got other content`, {exit: exitCodes.data});
}
