import {evalLevels, normalize} from '../../src/data/pixels.js';
import type {CropDraws} from '../../src/data/pixels/crop-box.js';
import {decodeImage, type EncodedImage} from '../../src/data/pixels/decode.js';
import {cropCopy, trainingCopy} from '../../src/data/pixels/training-copy.js';
import type {HostArray} from '../../src/engine/step.js';
import type {PreprocessConfig} from '../../src/model/clip-config.js';

/** The tower's input of one image in evaluation, [size, size, 3], made here without threads. */
export async function evalPixels(image: EncodedImage, preprocess: PreprocessConfig): Promise<Float32Array> {
  return normalize(await evalLevels(image, preprocess), preprocess);
}

/** The tower's input of one image in training, [size, size, 3], made here without threads or cache. */
export async function trainPixels(
  image: EncodedImage,
  preprocess: PreprocessConfig,
  draws: CropDraws,
): Promise<Float32Array> {
  const copy = await trainingCopy(await decodeImage(image, preprocess.size), preprocess.size);
  return normalize(cropCopy(copy, preprocess, {draws}).pixels255, preprocess);
}

/** Images of one size as one array: n times [size, size, 3] -> [n, size, size, 3]. */
export function stackPixels(rows: readonly Float32Array[], size: number): HostArray {
  const length = size * size * 3;
  const data = new Float32Array(rows.length * length);
  rows.forEach((row, i) => data.set(row, i * length));
  return {shape: [rows.length, size, size, 3], data};
}
