import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {strongView, strongViewDraws} from '../../../src/model/strong-view.js';
import {onEveryEngine} from '../../support/engines.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

const preprocess = {
  size: 3,
  interpolation: 'bicubic',
  mean: [0.48, 0.45, 0.4],
  std: [0.27, 0.26, 0.28],
} as const;
const [n, h, w] = [4, 2, 3];
type Pixels = number[][][]; // [h][w][3], in [0, 1]

const images: Pixels[] = Array.from({length: n}, (_, i) =>
  Array.from({length: h}, (_row, y) =>
    randomMatrix(w, 3, 600 + 10 * i + y).map((pixel) => pixel.map((value) => (value + 1) / 2)),
  ),
);
const normalised = (pixels: Pixels[]) =>
  pixels.map((image) =>
    image.map((row) =>
      row.map((pixel) => pixel.map((v, c) => (v - preprocess.mean[c]!) / preprocess.std[c]!)),
    ),
  );
const luminance = (pixel: readonly number[]) => 0.299 * pixel[0]! + 0.587 * pixel[1]! + 0.114 * pixel[2]!;
const clip = (value: number) => Math.min(1, Math.max(0, value));
const each = (image: Pixels, change: (pixel: number[]) => number[]): Pixels =>
  image.map((row) => row.map((pixel) => change(pixel).map(clip)));

/** One image by plain loops. */
function expected(image: Pixels, draws: readonly number[], strength: number): Pixels {
  const factor = (draw: number) => 1 - strength + 2 * strength * draw;
  const flipped = draws[0]! < 0.5 ? image.map((row) => [...row].reverse()) : image;
  const bright = each(flipped, (pixel) => pixel.map((value) => value * factor(draws[1]!)));
  const grey = bright.flat().map(luminance);
  const middle = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const contrast = factor(draws[2]!);
  const contrasted = each(bright, (pixel) =>
    pixel.map((value) => contrast * value + (1 - contrast) * middle),
  );
  const saturation = draws[4]! < 0.2 ? 0 : factor(draws[3]!);
  return each(contrasted, (pixel) =>
    pixel.map((value) => saturation * value + (1 - saturation) * luminance(pixel)),
  );
}

const viewOf = (draws: number[][], strength: number) =>
  inScope(() =>
    strongView(tf.tensor4d(normalised(images)), tensor(draws), {
      strength,
      preprocess,
    }).arraySync(),
  );
const drawn = randomMatrix(n, strongViewDraws, 700).map((row) => row.map((value) => (value + 1) / 2));
// one of them mirrored for certain, one grey
const draws = drawn.map((row, i) => [i === 0 ? 0.1 : 0.9 - i / 5, ...row.slice(1, 4), i === 2 ? 0.1 : 0.5]);

describe('strongView', () => {
  onEveryEngine(() => {
    it('is what plain loops make of each image', () => {
      const views = images.map((image, i) => expected(image, draws[i]!, 0.4));
      expectClose(viewOf(draws, 0.4), normalised(views));
    });
  });

  it('changes nothing at strength 0 of an image that is neither mirrored nor grey', () => {
    const plain = draws.map(() => [0.5, 0.3, 0.7, 0.1, 0.2]);
    expectClose(viewOf(plain, 0), normalised(images));
  });

  it('makes a fifth of the images grey and mirrors half', () => {
    // at strength 0 the two draws alone decide
    const grey = viewOf([[0.9, 0, 0, 0, 0.19], ...draws.slice(1)], 0)[0]!.flat();
    for (const pixel of grey) {
      const [r, g, b] = pixel.map((value, c) => value * preprocess.std[c]! + preprocess.mean[c]!);
      expectClose([g!, b!], [r!, r!]);
    }
    const mirrored = viewOf([[0.49, 0, 0, 0, 0.2], ...draws.slice(1)], 0)[0]!;
    expectClose(mirrored, normalised([images[0]!.map((row) => [...row].reverse())])[0]!);
  });

  it('stays in the range of pixels', () => {
    const values = viewOf(
      draws.map(() => [0, 0.999, 0.999, 0.999, 0.999]),
      0.9,
    ).flatMap((image) => image.flat());
    for (const pixel of values) {
      pixel.forEach((value, c) => {
        const pixel01 = value * preprocess.std[c]! + preprocess.mean[c]!;
        expect(pixel01).toBeGreaterThan(-1e-5);
        expect(pixel01).toBeLessThan(1 + 1e-5);
      });
    }
  });
});
