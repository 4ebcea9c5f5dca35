import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {ClipConfig} from '../../model/clip-config.js';
import {UserError} from '../../support/errors.js';
import type {TokenTensors, WordRows} from '../../model/text-tower.js';
import type {Encoders} from '../contract/method.js';

/** How many words are learned when so many are asked for: they leave half of the context to the text behind them. */
export function contextLength({text}: ClipConfig, asked: number): number {
  return Math.min(asked, Math.floor(text.contextLength / 2));
}

/**
 * Texts with learned words behind their start token: [n, t] tokens and [m, w] words -> [n, t + m, w].
 * @param longest the model's context length
 * @throws UserError when the texts become longer than that
 */
export function withContext(
  encode: Encoders,
  {ids, end}: TokenTensors,
  {context, longest}: {readonly context: Tensor2D; readonly longest: number},
): WordRows {
  const [n, t] = ids.shape;
  const [m, width] = context.shape;
  if (t + m > longest) {
    throw new UserError(
      `context-length: expected at most ${longest - t} learned words before texts of ${t} tokens, got ${m}`,
      {tryThis: `--context-length ${Math.max(1, longest - t)}`},
    );
  }
  const words = encode.words(ids);
  const start = tf.slice(words, [0, 0, 0], [n, 1, width]);
  const rest = tf.slice(words, [0, 1, 0], [n, t - 1, width]);
  const learned: Tensor3D = tf.tile(tf.reshape<tf.Rank.R3>(context, [1, m, width]), [n, 1, 1]);
  return {words: tf.concat([start, learned, rest], 1), end: tf.add(end, tf.scalar(m, 'int32'))};
}
