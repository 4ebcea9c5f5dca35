import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {PreprocessConfig} from './clip-config.js';

/** What happens to one image: numbers in [0, 1), in this order. */
const draws = ['flip', 'brightness', 'contrast', 'saturation', 'grey'] as const;

/** How many numbers {@link strongView} uses up for an image. */
export const strongViewDraws = draws.length;

/** Share of the images that lose their colours. */
const greyShare = 0.2;

/** The luminance of red, green and blue (Rec. 601, as PIL has it). */
const luminance = [0.299, 0.587, 0.114];

/**
 * Images harder to recognise: half of them mirrored, brightness, contrast and saturation each multiplied by a factor drawn
 * from [1 - strength, 1 + strength], a fifth of them grey. In this order, clipped to [0, 1] after each, as in torchvision.
 * @param images [n, h, w, 3], normalised
 * @param drawn [n, 5], in [0, 1)
 * @returns [n, h, w, 3], normalised
 */
export function strongView(
  images: Tensor4D,
  drawn: Tensor2D,
  {strength, preprocess: {mean, std}}: {readonly strength: number; readonly preprocess: PreprocessConfig},
): Tensor4D {
  const n = images.shape[0];
  const draw = (name: (typeof draws)[number]): Tensor4D =>
    tf.reshape(tf.slice(drawn, [0, draws.indexOf(name)], [n, 1]), [n, 1, 1, 1]);
  const factor = (name: (typeof draws)[number]): Tensor4D =>
    tf.add(1 - strength, tf.mul<Tensor4D>(draw(name), 2 * strength));
  const below = (name: (typeof draws)[number], share: number): Tensor4D =>
    tf.step(tf.sub<Tensor4D>(share, draw(name)));
  const pixels01 = tf.add<Tensor4D>(tf.mul(images, tf.tensor1d([...std])), tf.tensor1d([...mean]));
  const flipped = blend(tf.reverse(pixels01, 2), pixels01, below('flip', 0.5));
  const bright = clipped(tf.mul(flipped, factor('brightness')));
  const middle = tf.mean<Tensor4D>(greyOf(bright), [1, 2, 3], true); // [n, 1, 1, 1]
  const contrasted = clipped(blend(bright, middle, factor('contrast')));
  const kept = tf.mul<Tensor4D>(factor('saturation'), tf.sub(1, below('grey', greyShare)));
  const saturated = clipped(blend(contrasted, greyOf(contrasted), kept));
  return tf.div(tf.sub<Tensor4D>(saturated, tf.tensor1d([...mean])), tf.tensor1d([...std]));
}

/** share * one + (1 - share) * other. */
function blend(one: Tensor4D, other: Tensor4D, share: Tensor4D): Tensor4D {
  return tf.add<Tensor4D>(tf.mul(one, share), tf.mul(other, tf.sub(1, share)));
}

function clipped(pixels01: Tensor4D): Tensor4D {
  return tf.clipByValue(pixels01, 0, 1);
}

/** [n, h, w, 3] -> [n, h, w, 1]. */
function greyOf(pixels01: Tensor4D): Tensor4D {
  return tf.sum(tf.mul(pixels01, tf.tensor1d(luminance)), 3, true);
}
