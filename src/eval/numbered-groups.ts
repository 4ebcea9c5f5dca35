import {stat} from 'node:fs/promises';
import {basename, extname, join} from 'node:path';
import {openImages} from '../data/open-data.js';
import type {InstanceSearch} from './known-set.js';

/** Images of a group have numbers from a multiple of this on; the first is what is looked for. */
const groupSize = 100;

/**
 * The searches of INRIA Holidays and Copydays (Jegou et al. 2008, Douze et al. 2009): the files are named by numbers, those
 * of one hundred show the same, and the first of each looks for the others. The query itself does not count.
 * @param folders that must be there, and hold all images
 * @returns undefined when a folder or all numbers are missing
 */
export async function numberedGroups(
  root: string,
  folders: readonly string[],
): Promise<InstanceSearch | undefined> {
  for (const folder of folders) {
    if (!(await stat(join(root, folder)).catch(() => undefined))?.isDirectory()) return undefined;
  }
  const sets = await Promise.all(folders.map((folder) => openImages(join(root, folder))));
  const images = sets.flatMap(({rows}, f) =>
    rows.flatMap(({image}) => {
      const number = /^\d+$/.exec(basename(image.id, extname(image.id)))?.[0];
      // two folders may have files of one name
      return number === undefined
        ? []
        : [{image: {...image, id: `${folders[f]}/${image.id}`}, number: Number(number)}];
    }),
  );
  if (images.length === 0) return undefined;
  const queries = images.flatMap(({image, number}, place) => {
    if (number % groupSize !== 0) return [];
    const good = images.flatMap((other, at) =>
      at !== place && Math.floor(other.number / groupSize) === number / groupSize ? [at] : [],
    );
    return good.length === 0 ? [] : [{image, good, junk: [place]}];
  });
  return {images: images.map(({image}) => image), queries};
}
