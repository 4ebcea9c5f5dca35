import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {batchView} from '../../src/methods/contract/batch-view.js';
import type {Method, Terms} from '../../src/methods/contract/method.js';
import {partOf} from '../../src/methods/contract/parts.js';
import {joinedTerms} from '../../src/methods/contract/parts-step.js';
import {supervisedTerms} from '../../src/methods/contract/supervised.js';
import {total} from '../../src/methods/contract/total.js';
import type {SClipInputs} from '../reference/s-clip.js';
import type {Nested} from './expect-close.js';
import {featureBatch, type FeatureBatch} from './feature-batch.js';
import {gradientsOf, inScope, tensor} from './tape.js';
import {tinyVit} from './tiny-clip.js';

/** Parts of a batch that a run may lack. */
export interface Parts {
  readonly unpaired?: boolean;
  readonly keywords?: boolean;
}

export interface MethodValue {
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  /** Parts of the batch in the order in which they were encoded. */
  readonly calls: readonly string[];
}

/** A method's objective over given features. */
export function methodValue(
  method: Method,
  params: object,
  inputs: SClipInputs,
  parts: Parts = {},
): MethodValue {
  return inScope(() => {
    const {loss, terms, calls} = evaluate(method, params, tensorsOf(inputs), parts);
    return {
      loss: loss.arraySync(),
      terms: Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, value.arraySync()])),
      calls,
    };
  });
}

/** Gradients of the loss with respect to images, texts, queries, words and tau. */
export function methodGradients(
  method: Method,
  params: object,
  inputs: SClipInputs,
  parts: Parts = {},
): Nested[] {
  return gradientsOf(
    (...taped) => {
      const [images, texts, queries, words] = taped as Tensor2D[];
      const scale = tf.exp(taped[4] as Scalar);
      const features = {images: images!, texts: texts!, queries: queries!, words: words!, scale};
      const {loss} = evaluate(method, params, {...features, labels: tensor(inputs.labels)}, parts);
      // plus 0 of everything, so that what the loss does not reach has a gradient of zeros
      return taped.reduce<Scalar>((sum, input) => tf.add(sum, tf.mul(0, tf.sum(input))), loss);
    },
    () => {
      const {images, texts, queries, words} = tensorsOf(inputs);
      return [images, texts, queries, words, tf.scalar(Math.log(inputs.scale))];
    },
  );
}

type FeatureTensors = ReturnType<typeof tensorsOf>;

function tensorsOf({images, texts, queries, words, labels, scale}: SClipInputs) {
  return {
    images: tensor(images),
    texts: tensor(texts),
    queries: tensor(queries),
    words: tensor(words),
    labels: tensor(labels),
    scale: tf.scalar(scale),
  };
}

function evaluate(method: Method, params: object, tensors: FeatureTensors, parts: Parts) {
  const {unpaired = true, keywords = true} = parts;
  const {images, texts, scale, queries, words, labels} = tensors;
  const features = {images, texts, scale, ...(unpaired && {queries}), ...(keywords && {words, labels})};
  const placed = featureBatch(features);
  return {...total(featureTerms(method, params, placed)), calls: placed.calls};
}

/** The terms of a method by itself over features: one without weights, state or schedule of its own. */
export function featureTerms(
  method: Method,
  params: object,
  {batch, encode}: Pick<FeatureBatch, 'batch' | 'encode'>,
): Terms {
  const part = partOf(method, params as Record<string, unknown>);
  const objective = method.objective?.({
    ...{config: tinyVit, params: part.params, encode, start: encode, encodersOf: () => encode},
    ...{
      weights: {},
      extras: {},
      state: {},
      scalars: {},
      draws: {},
      phrases: {},
      views: {paired: {}, unpaired: {}},
      sides: {paired: {}, unpaired: {}},
      teachers: {},
    },
    batch: batchView(batch, method.needs),
  });
  const {paired} = batchView(batch, {});
  return joinedTerms([part], [objective ?? {}], () => supervisedTerms(encode, paired));
}
