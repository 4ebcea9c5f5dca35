import type {FileStore} from './file-store.js';
import type {SetRecord, SetRecords} from './layout.js';
import {canonicalSplit, isSplitName} from './splits.js';

/** Encoded images that sharp decodes on every machine. */
export const imageExtensions = ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'tif', 'tiff', 'avif'] as const;

/** Matches the paths of images. */
export const imageExtension = new RegExp(`\\.(${imageExtensions.join('|')})$`, 'i');

/** Where images may lie below the root of a set; not part of their ids. */
export const imageFolder = 'images/';

/**
 * A set without a table: every image below the root, sorted by path. When all lie in `train/`, `val/`, `test/`
 * or the like, these are their splits; the folder below is the class.
 */
export async function imageTree(store: FileStore): Promise<SetRecords> {
  const files = await store.list();
  const images = files.filter((file) => imageExtension.test(file));
  const folders = new Set(images.map((image) => withoutImageFolder(image).split('/')[0]!));
  const hasSplits =
    images.every((image) => withoutImageFolder(image).includes('/')) && [...folders].every(isSplitName);
  const records = images.map((file): SetRecord => {
    const parts = withoutImageFolder(file).split('/');
    const split = hasSplits ? canonicalSplit(parts.shift()!) : null;
    return {file, captions: [], split, fields: parts.length > 1 ? {class: parts[0]} : {}};
  });
  const others = files.length - images.length;
  return {records, skipped: others > 0 ? {'not an image': others} : {}};
}

/** The path below the folder of the images: the id of an image, wherever the set keeps its images. */
export function withoutImageFolder(path: string): string {
  return path.startsWith(imageFolder) ? path.slice(imageFolder.length) : path;
}
