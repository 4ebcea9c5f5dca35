import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {reducedPrecision} from '../engine/reduced-precision.js';
import type {Tensors} from '../engine/step.js';
import {BugError} from '../support/errors.js';
import type {ClipConfig} from './clip-config.js';
import {causalMask} from './layers/attention.js';
import {embed} from './layers/embedding.js';
import {layerNorm} from './layers/layer-norm.js';
import {lookup} from './layers/lookup.js';
import {transformerRow, transformerTokens, type Transformer} from './layers/transformer.js';

/** n tokenised texts. */
export interface TokenTensors {
  /** [n, t] int32, padded to the context length. */
  readonly ids: Tensor2D;
  /** [n] int32, the position of each row's first end token. */
  readonly end: Tensor1D;
}

/** n texts whose words are embeddings already. */
export interface WordRows {
  /** [n, t, w], without positions. */
  readonly words: Tensor3D;
  /** [n] int32, the position of each row's end token. */
  readonly end: Tensor1D;
}

/**
 * Text features before normalisation, read at the end token: [n, t] -> [n, d]. The tower is causal: what stands
 * behind the end tokens changes nothing, and ids may be cut to any t that holds them all.
 */
export function textTower(config: ClipConfig, weights: Tensors, {ids, end}: TokenTensors): Tensor2D {
  return textTowerOfWords(config, weights, {words: embedWords(weights, ids), end});
}

/** {@link textTower} on words that are embeddings already: [n, t, w] -> [n, d]. */
export function textTowerOfWords(config: ClipConfig, weights: Tensors, {words, end}: WordRows): Tensor2D {
  const own = lookup(weights);
  const mask = causalMask(words.shape[1]);
  const row = {pick: (x: Tensor3D) => rowsAt(x, end), mask: tf.gather(mask, end)};
  return reducedPrecision(() => {
    const token = transformerRow(placed(words, own), stackOf(config, weights), mask, row);
    return tf.matMul(layerNorm(token, own, 'ln_final', config.text.layerNormEpsilon), own('text_projection'));
  });
}

/** All tokens behind the last norm: ids [n, t] int32 -> [n, t, w]. Each knows only what stands before it. */
export function textTokens(config: ClipConfig, weights: Tensors, ids: Tensor2D): Tensor3D {
  return textTokensOfWords(config, weights, embedWords(weights, ids));
}

/** {@link textTokens} on words that are embeddings already: [n, t, w] -> [n, t, w]. */
export function textTokensOfWords(config: ClipConfig, weights: Tensors, words: Tensor3D): Tensor3D {
  const own = lookup(weights);
  const tokens = reducedPrecision(() =>
    transformerTokens(placed(words, own), stackOf(config, weights), causalMask(words.shape[1])),
  );
  const [n, t, width] = tokens.shape;
  const rows = tf.reshape<Rank.R2>(tokens, [n * t, width]);
  return tf.reshape(layerNorm(rows, own, 'ln_final', config.text.layerNormEpsilon), [n, t, width]);
}

/** Features before normalisation from the tokens of {@link textTokens}: [n, t, w] -> [n, d]. */
export function pooledTexts(weights: Tensors, tokens: Tensor3D, end: Tensor1D): Tensor2D {
  return reducedPrecision(() => tf.matMul(rowsAt(tokens, end), lookup(weights)('text_projection')));
}

/** One row of each sequence: [n, t, w] and places [n] -> [n, w]. */
function rowsAt(x: Tensor3D, places: Tensor1D): Tensor2D {
  const [n, t, width] = x.shape;
  const starts = Int32Array.from({length: n}, (_, i) => i * t);
  const at = tf.add<Tensor1D>(tf.tensor1d(starts, 'int32'), places); // rows of [n*t, w]
  return embed(tf.reshape(x, [n * t, width]), at);
}

function stackOf({text, activation}: ClipConfig, weights: Tensors): Transformer {
  return {...text, activation, weights: lookup(weights, 'transformer.')};
}

/** Embeddings of tokens, without their positions: [n, t] int32 -> [n, t, w]. */
export function embedWords(weights: Tensors, ids: Tensor2D): Tensor3D {
  const table = lookup(weights)<Tensor2D>('token_embedding.weight');
  const [n, t] = ids.shape;
  return tf.reshape(embed(table, tf.reshape(ids, [n * t])), [n, t, table.shape[1]]);
}

/** Words with their positions added: [n, t, w] -> [n, t, w]. */
function placed(words: Tensor3D, weights: ReturnType<typeof lookup>): Tensor3D {
  const t = words.shape[1];
  const positions = weights<Tensor2D>('positional_embedding');
  const [longest, width] = positions.shape;
  if (t > longest) throw new BugError(`textTower: expected at most ${longest} tokens, got ${t}`);
  return tf.add(words, t === longest ? positions : tf.slice(positions, [0, 0], [t, width]));
}
