import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import {constant} from '../../losses/constant.js';
import {topEntries} from '../../losses/top-entries.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {TokenTensors} from '../../model/text-tower.js';

/** Of the words that are asked for, those that the mask hides, and those in whose place another word comes. */
const [hiddenShare, exchangedShare] = [0.8, 0.1];

/** Captions of which some words are to be guessed. */
export interface MaskedWords {
  /** [n, t] int32: the captions, with other words in some of the places. */
  readonly ids: Tensor2D;
  /** [n, t], 1 where the mask stands. */
  readonly hidden: Tensor2D;
  /** [n, k, t], one-hot rows: the places that are asked for. */
  readonly places: Tensor3D;
  /** [n * k] int32, what stood there; -1 where a caption has fewer. */
  readonly labels: Tensor1D;
}

/** Shapes of the numbers that {@link maskWords} uses up for n captions. */
export function maskDraws({text}: ClipConfig, n: number): Record<string, readonly number[]> {
  const shape = [n, text.contextLength];
  return {places: shape, fates: shape, words: shape};
}

/**
 * Asks for a share of the words of every caption, at least one, any of them alike (BERT, arXiv:1810.04805): of those 80 %
 * are hidden, 10 % exchanged for any word and 10 % left as they are. Start and end are no words. Constants.
 * @param draws of {@link maskDraws}; captions shorter than the context use the first
 */
export function maskWords(
  captions: TokenTensors,
  draws: Tensors,
  {text, share}: Pick<ClipConfig, 'text'> & {readonly share: number},
): MaskedWords {
  const [n, t] = captions.ids.shape;
  const drawn = (name: string): Tensor2D => tf.slice(draws[name] as Tensor2D, [0, 0], [n, t]);
  const k = Math.max(1, Math.round(share * (t - 2)));
  const places = askedPlaces(captions, drawn('places'), {share, k}); // [n, k, t]
  const ids = tf.cast<Tensor2D>(captions.ids, 'float32'); // exact: far below 2^24
  const found = tf.sum(tf.mul(places, tf.reshape(ids, [n, 1, t])), 2); // [n, k]
  const isAsked = tf.sum(places, 2); // [n, k]
  const labels = constant(() => tf.sub(tf.mul(tf.add(found, 1), isAsked), 1));
  const asked = tf.sum<Tensor2D>(places, 1); // [n, t]
  const fates = drawn('fates');
  const isBelow = (limit: number): Tensor2D => tf.step(tf.sub<Tensor2D>(limit, fates));
  const hidden: Tensor2D = tf.mul(asked, isBelow(hiddenShare));
  const upTo = isBelow(hiddenShare + exchangedShare);
  const exchanged: Tensor2D = tf.mul(asked, tf.sub<Tensor2D>(upTo, isBelow(hiddenShare)));
  const anyWord = tf.floor(tf.mul<Tensor2D>(drawn('words'), text.vocabSize));
  return {
    ids: constant(() => tf.cast(tf.add<Tensor2D>(ids, tf.mul(exchanged, tf.sub(anyWord, ids))), 'int32')),
    hidden,
    places,
    labels: tf.cast(tf.reshape(labels, [n * k]), 'int32'),
  };
}

/** [n, k, t]: one-hot rows, zero where a caption has fewer than k places to ask for. */
function askedPlaces(
  {ids, end}: TokenTensors,
  draws: Tensor2D,
  {share, k}: {readonly share: number; readonly k: number},
): Tensor3D {
  const [n, t] = ids.shape;
  return constant(() => {
    const last = tf.reshape(tf.cast(end, 'float32'), [n, 1]);
    const position = tf.tensor2d(
      Array.from({length: t}, (_, i) => i),
      [1, t],
    );
    const isWord = tf.mul(tf.step(position), tf.step(tf.sub(last, position))); // [n, t]
    const words = tf.sub(last, 1); // [n, 1]
    // half away from zero, as on the host
    const counts = tf.minimum(words, tf.maximum(1, tf.floor(tf.add(tf.mul(words, share), 0.5))));
    const best = topEntries(tf.add<Tensor2D>(draws, tf.mul(tf.sub(isWord, 1), 1e9)), k);
    const ranks = tf.tensor2d(
      Array.from({length: k}, (_, rank) => rank),
      [1, k],
    );
    const counted = tf.step(tf.sub(counts, ranks)); // [n, k]
    return tf.mul<Tensor3D>(best, tf.reshape(counted, [n, k, 1]));
  });
}
