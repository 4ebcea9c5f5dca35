import {readdir, readFile} from 'node:fs/promises';
import {basename, extname, join} from 'node:path';
import sharp from 'sharp';
import {openImages} from '../data/open-data.js';
import type {ImageRef} from '../data/rows.js';
import {exitCodes, UserError} from '../support/errors.js';
import type {InstanceQuery, InstanceSearch} from './known-set.js';

/** Folders that the ground truth is unpacked to. */
const truthFolders = ['gt', 'gt_files_170407', 'groundtruth', 'paris_120310'] as const;

/** Images that are nearly unrecognisable: they count as nothing. */
const junkEnding = 'junk';

/**
 * The searches of the Oxford and Paris Buildings (Philbin et al. 2007 and 2008): `NAME_query.txt` names an image and the
 * box in it that is looked for, `NAME_good.txt` and `NAME_ok.txt` the right images, `NAME_junk.txt` those that do not
 * count.
 * @returns undefined when there is no such ground truth
 * @throws UserError (data) when a file or an image is missing
 */
export async function landmarkSearch(root: string): Promise<InstanceSearch | undefined> {
  const truth = await truthFolder(root);
  if (truth === undefined) return undefined;
  const names = (await readdir(truth)).flatMap((file) => /^(.+)_query\.txt$/.exec(file)?.[1] ?? []).sort();
  const images = (await openImages(root)).rows.map(({image}) => image);
  const places = new Map(images.map(({id}, place) => [basename(id, extname(id)), place]));
  const queries = await Promise.all(names.map((name) => readQuery(truth, name, {images, places})));
  return {images, queries: queries.filter(({good}) => good.length > 0)};
}

async function truthFolder(root: string): Promise<string | undefined> {
  for (const name of [...truthFolders, '.']) {
    const files = await readdir(join(root, name)).catch(() => [] as string[]);
    if (files.some((file) => file.endsWith('_query.txt'))) return join(root, name);
  }
  return undefined;
}

interface Searched {
  readonly images: readonly ImageRef[];
  /** Place by the name of the file without its extension. */
  readonly places: ReadonlyMap<string, number>;
}

async function readQuery(truth: string, name: string, {images, places}: Searched): Promise<InstanceQuery> {
  const path = join(truth, `${name}_query.txt`);
  const [stem = '', ...numbers] = (await readFile(path, 'utf8')).trim().split(/\s+/);
  const box = numbers.map(Number);
  if (box.length !== 4 || box.some((edge) => !Number.isFinite(edge))) {
    throw new UserError(
      `${path}: expected an image and a box of four numbers, got ${stem} ${numbers.join(' ')}`,
      {
        exit: exitCodes.data,
      },
    );
  }
  // the Oxford files write their names with a prefix of the set
  const place = places.get(stem.replace(/^oxc1_/, ''));
  if (place === undefined) {
    throw new UserError(`${path}: expected the image ${stem} in the set, got none`, {exit: exitCodes.data});
  }
  const listed = async (ending: string) => {
    const text = await readFile(join(truth, `${name}_${ending}.txt`), 'utf8').catch(() => '');
    const stems = text.split('\n').map((line) => line.trim());
    // a few of the original lists name images that were never published
    return stems.flatMap((one) => places.get(one) ?? []);
  };
  return {
    image: boxOf(images[place]!, name, box as [number, number, number, number]),
    good: [...(await listed('good')), ...(await listed('ok'))],
    junk: await listed(junkEnding),
  };
}

/** The part of an image inside left, top, right and bottom edge. */
function boxOf(
  image: ImageRef,
  name: string,
  [left, top, right, bottom]: readonly [number, number, number, number],
): ImageRef {
  return {
    id: `query ${name}`,
    place: `${image.place} (query ${name})`,
    bytes: image.bytes,
    read: async () => {
      const content = await image.read();
      const {width, height} = await sharp(content).metadata();
      const [x, y] = [Math.max(0, Math.floor(left)), Math.max(0, Math.floor(top))];
      const box = {
        left: x,
        top: y,
        width: Math.max(1, Math.min(Math.ceil(right), width) - x),
        height: Math.max(1, Math.min(Math.ceil(bottom), height) - y),
      };
      return sharp(content).extract(box).png().toBuffer();
    },
  };
}
