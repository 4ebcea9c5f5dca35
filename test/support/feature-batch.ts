import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../src/engine/step.js';
import type {Encoders} from '../../src/methods/contract/method.js';
import type {TokenTensors} from '../../src/model/text-tower.js';
import {BugError} from '../../src/support/errors.js';

/** Unit rows in place of what the towers would make of a batch. */
export interface Features {
  readonly images: Tensor2D;
  readonly texts: Tensor2D;
  readonly queries?: Tensor2D;
  readonly words?: Tensor2D;
  /** [b, k]; there when words are. */
  readonly labels?: Tensor2D;
  readonly scale: Scalar;
}

/** A batch and encoders that read the features of its parts; `calls` names the parts in the order in which they were first encoded. */
export interface FeatureBatch {
  readonly batch: Tensors;
  readonly encode: Encoders;
  readonly calls: readonly string[];
}

/** A batch of placeholders, so that a method's objective can be evaluated over given features. */
export function featureBatch({images, texts, queries, words, labels, scale}: Features): FeatureBatch {
  const parts = new Map<Tensor, {name: string; features: Tensor2D}>();
  const placeholder = (name: string, features: Tensor2D, rank: 2 | 4): Tensor => {
    const tensor = tf.zeros([features.shape[0], ...Array.from({length: rank - 1}, () => 1)]);
    parts.set(tensor, {name, features});
    return tensor;
  };
  const end = (features: Tensor2D) => tf.zeros([features.shape[0]], 'int32');
  const batch: Record<string, Tensor> = {
    'paired.images': placeholder('paired.images', images, 4),
    'paired.ids': placeholder('paired.ids', texts, 2),
    'paired.end': end(texts),
  };
  if (queries) batch['unpaired.images'] = placeholder('unpaired.images', queries, 4);
  if (words && labels) {
    Object.assign(batch, {
      'keywords.ids': placeholder('keywords.ids', words, 2),
      'keywords.end': end(words),
      'keywords.labels': labels,
    });
  }
  const calls: string[] = [];
  const featuresOf = (tensor: Tensor): Tensor2D => {
    const {name, features} = parts.get(tensor)!;
    if (!calls.includes(name)) calls.push(name);
    return features;
  };
  const noTokens = (): never => {
    throw new BugError('feature batch: expected a method over features, got one that asks for tokens');
  };
  const encode = {
    ...{scale, images: featuresOf, texts: ({ids}: TokenTensors) => featuresOf(ids)},
    ...{imageTokens: noTokens, textTokens: noTokens},
    ...{words: noTokens, wordRows: noTokens, wordRowTokens: noTokens},
  };
  return {batch, calls, encode};
}
