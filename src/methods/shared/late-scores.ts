import * as tf from '@tensorflow/tfjs-core';
import type {Tensor3D} from '@tensorflow/tfjs-core';
import {toHostArray, toTensor} from '../../engine/host-array.js';
import type {HostArray} from '../../engine/step.js';
import {lateInteraction} from '../../losses/late-interaction.js';

/** Tokens of images and texts in one space, for evaluation. */
export interface ComparedTokens {
  /** [n, p, d], rows of unit length. */
  readonly images: HostArray;
  /** [m, t, d], rows of unit length, padding behind the words. */
  readonly texts: HostArray;
  /** [m] how many tokens of each text count. */
  readonly lengths: readonly number[];
}

/** Cosines of a block: 64 MiB of float32. */
const blockCosines = 2 ** 24;

/**
 * The two similarities of FILIP's late interaction between all images and all texts (arXiv:2111.07783, equations 4 and 5),
 * [n, m] and [m, n], block by block.
 * @param most cosines held at a time
 */
export function lateScores(
  {images, texts, lengths}: ComparedTokens,
  most = blockCosines,
): {
  readonly imageToText: Float64Array;
  readonly textToImage: Float64Array;
} {
  const [n, p] = images.shape as [number, number];
  const [m, t] = texts.shape as [number, number];
  const imageToText = new Float64Array(n * m);
  const textToImage = new Float64Array(m * n);
  const columns = Math.max(1, Math.min(m, Math.floor(most / (p * t))));
  const rows = Math.max(1, Math.min(n, Math.floor(most / (p * t * columns))));
  for (let i = 0; i < n; i += rows) {
    for (let j = 0; j < m; j += columns) {
      const scores = tf.tidy(() => {
        const block = {
          images: toTensor(slice(images, i, Math.min(n, i + rows))) as Tensor3D,
          texts: toTensor(slice(texts, j, Math.min(m, j + columns))) as Tensor3D,
          textMask: mask(lengths.slice(j, j + columns), t),
        };
        return {...lateInteraction(block)};
      });
      place(toHostArray(scores.imageToText), imageToText, {row: i, column: j, width: m});
      place(toHostArray(scores.textToImage), textToImage, {row: j, column: i, width: n});
      tf.dispose(scores);
    }
  }
  return {imageToText, textToImage};
}

/** Rows start .. end of the first axis; shares its memory. */
function slice({shape, data}: HostArray, start: number, end: number): HostArray {
  const [n = 1, ...rest] = shape;
  const size = data.length / n;
  return {shape: [end - start, ...rest], data: data.subarray(start * size, end * size)};
}

/** [m, t], 1 for the tokens that count. */
function mask(lengths: readonly number[], t: number): tf.Tensor2D {
  return tf.tensor2d(lengths.map((length) => Array.from({length: t}, (_, i) => Number(i < length))));
}

function place(
  {shape, data}: HostArray,
  into: Float64Array,
  {row, column, width}: {readonly row: number; readonly column: number; readonly width: number},
): void {
  const [rows, columns] = shape as [number, number];
  for (let r = 0; r < rows; r++) {
    into.set(data.subarray(r * columns, (r + 1) * columns), (row + r) * width + column);
  }
}
