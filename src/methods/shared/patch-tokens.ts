import * as tf from '@tensorflow/tfjs-core';
import type {Tensor3D} from '@tensorflow/tfjs-core';
import type {ClipConfig} from '../../model/clip-config.js';

/** The tokens of an image that stand for a place in it, without a transformer's class token: [n, t, w] -> [n, p, w]. */
export function patchTokens({vision}: ClipConfig, tokens: Tensor3D): Tensor3D {
  if (vision.kind === 'resnet') return tokens;
  const [n, t, width] = tokens.shape;
  return tf.slice(tokens, [0, 1, 0], [n, t - 1, width]);
}
