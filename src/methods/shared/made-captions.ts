import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {constant} from '../../losses/constant.js';
import type {TextConfig} from '../../model/clip-config.js';
import type {TokenTensors, WordRows} from '../../model/text-tower.js';
import type {Encoders} from '../contract/method.js';

/** What captions are made of: each names m of k keywords, learned words in front of each. */
export interface CaptionParts {
  /** [u, m, k], one-hot rows, in order. */
  readonly picks: Tensor3D;
  /** k keywords as texts of their own. */
  readonly keywords: TokenTensors;
  /** [m * l, w], l learned words for each of the m. */
  readonly learned: Tensor2D;
}

/** Where everything stands in the captions, behind their start tokens; constants. */
export interface CaptionLayout {
  /** [u, length] int32, the tokens of keywords, the end token and padding; any token where a learned word stands. */
  readonly ids: Tensor2D;
  /** [u] int32. */
  readonly end: Tensor1D;
  /** [u, length, m * l], 1 where a learned word stands. */
  readonly places: Tensor3D;
}

/**
 * Captions of learned words and keywords in turn, as SemiCLIP's code fills its template: start, l learned words, first
 * keyword, l learned words, second keyword, ..., end. What does not fit into the context is cut off in front of the end.
 */
export function madeCaptions(encode: Encoders, text: TextConfig, parts: CaptionParts): WordRows {
  const {ids, end, places} = captionLayout(parts, text);
  const [u, length, count] = places.shape;
  const width = parts.learned.shape[1];
  const isLearned = tf.sum(places, 2, true); // [u, length, 1]
  const words = tf.mul<Tensor3D>(encode.words(ids), tf.sub(1, isLearned));
  const learned = tf.matMul(tf.reshape<Rank.R2>(places, [u * length, count]), parts.learned);
  const start = encode.words(tf.fill([u, 1], text.startToken, 'int32'));
  return {
    words: tf.concat3d([start, tf.add<Tensor3D>(words, tf.reshape(learned, [u, length, width]))], 1),
    end: tf.add(end, tf.scalar(1, 'int32')),
  };
}

/** The layout of {@link madeCaptions}. */
export function captionLayout({picks, keywords, learned}: CaptionParts, text: TextConfig): CaptionLayout {
  const [u, m, k] = picks.shape;
  const t = keywords.ids.shape[1];
  const lead = learned.shape[0] / m;
  const slot = lead + t - 1; // learned words, then what stands behind the start token of a keyword
  const length = Math.min(m * (lead + t - 2) + 1, text.contextLength - 1);
  // no matrix product, which some GPUs round to ten bits: ids must stay exact
  const chosen = (values: Tensor2D): Tensor2D =>
    tf.sum(tf.mul(tf.reshape(picks, [u * m, k, 1]), tf.reshape(values, [1, k, values.shape[1]])), 1);
  const layout = () => {
    const lengths: Tensor2D = tf.reshape(chosen(lengthsOf(keywords)), [u, m]);
    const sizes = tf.add<Tensor2D>(lengths, lead);
    const last = tf.minimum(tf.sum(sizes, 1, true), length - 1); // [u, 1]
    const before = tf.reshape(tf.matMul(sizes, earlierOf(m)), [u, m, 1]);
    const order = counting(slot); // [slot]
    const isUsed = tf.step(tf.sub(tf.add(tf.reshape(lengths, [u, m, 1]), lead - 0.5), order)); // [u, m, slot]
    const at = tf.reshape(tf.add(before, order), [u, 1, m * slot]);
    const position = counting(length);
    const isBefore = tf.step(tf.sub(last, position)); // [u, length]
    const isThere = tf.cast(tf.equal(at, tf.reshape(position, [1, length, 1])), 'float32');
    const moved = tf.mul(isThere, tf.reshape(isUsed, [u, 1, m * slot]));
    const places = tf.mul(moved, tf.reshape(isBefore, [u, length, 1])); // [u, length, m * slot]
    return {last, places: tf.reshape(places, [u, length, m, slot]), isBefore, position};
  };
  return {
    ids: constant(() => {
      const {last, places, isBefore, position} = layout();
      const tokens = chosen(tf.cast(keywords.ids, 'float32')); // [u * m, t]; ids are exact below 2^24
      const words = tf.reshape(tf.slice(tokens, [0, 1], [u * m, t - 1]), [u, 1, m, t - 1]);
      const own = tf.slice(places, [0, 0, 0, lead], [u, length, m, t - 1]);
      const joined: Tensor2D = tf.sum(tf.mul(own, words), [2, 3]);
      const isEnd = tf.cast(tf.equal(last, position), 'float32');
      const isPadding = tf.sub(tf.sub(1, isBefore), isEnd);
      const rest = tf.add(tf.mul(isEnd, text.endToken), tf.mul(isPadding, text.padToken));
      return tf.cast(tf.add<Tensor2D>(joined, rest), 'int32');
    }),
    end: constant(() => tf.cast(tf.reshape<Rank.R1>(layout().last, [u]), 'int32')),
    places: constant(() => {
      const own = tf.slice(layout().places, [0, 0, 0, 0], [u, length, m, lead]);
      return tf.reshape<Rank.R3>(own, [u, length, m * lead]);
    }),
  };
}

/** 0 to n - 1. */
function counting(n: number): Tensor1D {
  return tf.tensor1d(Array.from({length: n}, (_, i) => i));
}

/** Tokens between start and end: [k, 1]. */
function lengthsOf({end}: TokenTensors): Tensor2D {
  return tf.reshape(tf.sub(tf.cast(end, 'float32'), 1), [-1, 1]);
}

/** [m, m], 1 where the row comes before the column. */
function earlierOf(m: number): Tensor2D {
  return tf.tensor2d(
    Array.from({length: m * m}, (_, i) => Number(Math.floor(i / m) < i % m)),
    [m, m],
  );
}
