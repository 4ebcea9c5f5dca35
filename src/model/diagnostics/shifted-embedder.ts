import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {toTensor, toTensors} from '../../engine/host-array.js';
import type {HostArray, HostArrays, Tensors} from '../../engine/step.js';
import type {ClipModel} from '../clip-model.js';
import {imageTower} from '../image-tower.js';
import {textTower} from '../text-tower.js';
import type {TokenArrays} from '../tokenizer.js';
import {unitRows} from '../unit-rows.js';

/** A CLIP whose weights can be moved along two directions. */
export interface ShiftedEmbedder {
  /** Features of images and texts, each [n * d], rows of unit length, with the weights theta + a delta + b eta. */
  embed(a: number, b: number): {readonly images: Float32Array; readonly texts: Float32Array};
  /** Frees the weights. */
  dispose(): void;
}

/** What is embedded at every place. */
export interface PairArrays {
  /** [n, s, s, 3], normalised. */
  readonly images: HostArray;
  readonly texts: TokenArrays;
}

/**
 * Puts a model, two directions and a batch of pairs on the current backend; the caller disposes it. It runs operation by
 * operation: a graph would have to be recorded anew for every place.
 * @param directions entries for those weights that move
 */
export function createShiftedEmbedder(
  {config, weights, state}: ClipModel,
  [delta, eta]: readonly [HostArrays, HostArrays],
  {images, texts}: PairArrays,
): ShiftedEmbedder {
  const held = {
    weights: toTensors(weights),
    state: toTensors(state),
    delta: toTensors(delta),
    eta: toTensors(eta),
    images: toTensor(images) as Tensor4D,
    ids: toTensor(texts.ids) as Tensor2D,
    end: toTensor(texts.end) as Tensor1D,
  };
  return {
    embed(a, b) {
      const [imageRows, textRows] = tf.tidy(() => {
        const own = shifted(held.weights, [held.delta, a], [held.eta, b]);
        const context = {weights: own, state: held.state, training: false};
        return [
          unitRows(imageTower(config, context, held.images).features),
          unitRows(textTower(config, own, {ids: held.ids, end: held.end})),
        ] as const;
      });
      const read = {
        images: new Float32Array(imageRows.dataSync()),
        texts: new Float32Array(textRows.dataSync()),
      };
      tf.dispose([imageRows, textRows]);
      return read;
    },
    dispose: () => tf.dispose(held),
  };
}

type Shift = readonly [direction: Tensors, factor: number];

function shifted(weights: Tensors, [delta, a]: Shift, [eta, b]: Shift): Tensors {
  return Object.fromEntries(
    Object.entries(weights).map(([name, weight]): [string, Tensor] => {
      const [d, e] = [delta[name], eta[name]];
      return [name, d && e ? tf.add(weight, tf.add(tf.mul(d, a), tf.mul(e, b))) : weight];
    }),
  );
}
