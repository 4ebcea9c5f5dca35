import {openImages} from '../../data/open-data.js';
import type {ImageRef} from '../../data/rows.js';
import {evalLevels, normalize} from '../../data/pixels.js';
import type {HostArray} from '../../engine/step.js';
import type {PreprocessConfig} from '../../model/clip-config.js';
import {dataReference} from '../data-reference.js';
import type {OpenModelEvent} from '../open-model.js';

/** The images that a diagnostic looks at. */
export interface InspectedImages {
  /** Where they are from, as the user gave it. */
  readonly origin: string;
  /** How many there are in all. */
  readonly total: number;
  /** Those that are looked at, spread evenly over all. */
  readonly images: readonly ImageRef[];
}

/** What is looked at when no images are named: drawings that the program makes itself. */
export const ownImages = 'domain:toy';

/**
 * Opens images without captions, at most `limit` of them; without a path our own drawings, and says so.
 * @throws UserError when they cannot be read
 */
export async function* openInspected(
  path: string | undefined,
  limit: number,
): AsyncGenerator<OpenModelEvent, InspectedImages> {
  const reference = dataReference(path ?? ownImages);
  const {rows} = await openImages(reference.path, {split: reference.split});
  const taken = Math.min(limit, rows.length);
  if (path === undefined) {
    const message = `images: none given, so ${taken} drawings of the toy domain; --images PATH takes your own, which is what counts`;
    yield {type: 'notice', message};
  }
  const images = Array.from({length: taken}, (_, i) => rows[Math.floor((i * rows.length) / taken)]!.image);
  return {origin: path ?? ownImages, total: rows.length, images};
}

/** Images as the towers of a model take them: [n, s, s, 3], normalised. */
export async function towerPixels(
  images: readonly ImageRef[],
  preprocess: PreprocessConfig,
): Promise<HostArray> {
  const {size} = preprocess;
  const length = size ** 2 * 3;
  const data = new Float32Array(images.length * length);
  for (const [i, image] of images.entries()) {
    normalize(await evalLevels(image, preprocess), preprocess, data.subarray(i * length, (i + 1) * length));
  }
  return {shape: [images.length, size, size, 3], data};
}
