import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {CholeskyDecomposition, Matrix} from 'ml-matrix';
import {z} from 'zod';
import {toHostArray, toTensor} from '../engine/host-array.js';
import type {HostArray} from '../engine/step.js';
import type {ClassLogits} from '../model/class-head.js';
import {defineMethod} from './contract/method.js';
import {bestBy} from './shared/best-by.js';
import {accuracy, oneHotRows, pickRows} from './shared/class-rows.js';
import {holdOut} from './shared/hold-out.js';
import {softmaxRegression, type LinearClassifier} from './shared/softmax-regression.js';

/** A linear classifier over the image embeddings: what few-shot methods are measured against. */
export default defineMethod({
  name: 'linear-probe',
  summary: 'Fits a linear classifier to the image embeddings of the model as it is, in seconds.',
  cites: [
    {
      paper: 'arXiv:2103.00020',
      title: 'Learning Transferable Visual Models From Natural Language Supervision',
      equations: 'section 3.2',
      code: 'https://github.com/openai/CLIP',
    },
  ],
  differs:
    'The embeddings are those behind the projection, of unit length and centred; there those before it. The decay is ' +
    'chosen on a share of the training images that is kept back, among powers of ten; there by a search on a validation ' +
    'set.',
  needs: {classes: true},
  claims: ['head'],
  steps: false,
  params: z.strictObject({
    loss: z
      .enum(['cross-entropy', 'squares'])
      .default('cross-entropy')
      .describe('cross-entropy, or squared errors, which have a closed form (ridge regression)'),
    decay: z
      .union([z.literal('auto'), z.number().positive()], {
        error: ({input}) => `expected auto or a number > 0, got ${JSON.stringify(input)}`,
      })
      .default('auto')
      .describe('weight of the squared weights; auto chooses it on images that are kept back'),
    heldOut: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe('share of each class that is kept back to choose by'),
    iterations: z
      .int()
      .min(1)
      .max(100_000)
      .default(500)
      .describe('steps of the optimiser, for cross-entropy'),
  }),
  formula: {solved: 'min over W, b of the loss of (I - mean) W + b for the classes of I + decay/2 |W|^2'},
  async solve({images, labels, classes, seed, params}) {
    const features = await images();
    const fit = (numbers: readonly number[], decay: number) =>
      fitProbe(
        {features: pickRows(features, numbers), targets: oneHotRows(pick(labels, numbers), classes)},
        {...params, decay},
      );
    const all = labels.map((_, i) => i);
    if (params.decay !== 'auto') return {head: fit(all, params.decay)};
    const {fit: rest, held} = holdOut(labels, {share: params.heldOut, seed});
    // nothing to choose by: that of the middle of the grid
    if (held.length === 0) return {head: fit(all, 1e-2)};
    const decay = bestBy(decays, (each) =>
      accuracy(logitsOf(pickRows(features, held), fit(rest, each)), pick(labels, held)),
    );
    return {head: fit(all, decay)};
  },
});

/** From strong to weak: of equally good ones the stronger is taken. */
const decays = [10, 1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] as const;

function pick(values: readonly number[], numbers: readonly number[]): number[] {
  return numbers.map((number) => values[number]!);
}

interface Labelled {
  /** [n, d]. */
  readonly features: HostArray;
  /** [n, c]. */
  readonly targets: HostArray;
}

interface ProbeOptions {
  readonly loss: 'cross-entropy' | 'squares';
  readonly decay: number;
  readonly iterations: number;
}

/** The classifier of centred features of mean square 1, written for the features as they are. */
function fitProbe({features, targets}: Labelled, {loss, decay, iterations}: ProbeOptions): ClassLogits {
  const fitted = tf.tidy(() => {
    const rows = toTensor(features) as Tensor2D;
    const mean: Tensor2D = tf.mean(rows, 0, true);
    const centred: Tensor2D = tf.sub(rows, mean);
    const size = tf.maximum(tf.sqrt(tf.mean(tf.sum(tf.square(centred), 1))), 1e-12);
    const given = {features: tf.div<Tensor2D>(centred, size), targets: toTensor(targets) as Tensor2D};
    const probe = loss === 'squares' ? ridge(given, decay) : softmaxRegression({...given, decay, iterations});
    const scaled = tf.div<Tensor2D>(probe.weights, size); // [d, c]
    const bias = tf.sub<Tensor2D>(probe.bias, tf.matMul(mean, scaled)); // [1, c]
    return {weights: tf.transpose(scaled), bias: tf.reshape(bias, [-1])};
  });
  const head = {weights: toHostArray(fitted.weights), bias: toHostArray(fitted.bias)};
  tf.dispose(fitted);
  return head;
}

/** Ridge regression: W = (F^t F / n + decay)^-1 F^t (Y - mean) / n, bias = mean of the targets. */
function ridge(
  {features, targets}: {readonly features: Tensor2D; readonly targets: Tensor2D},
  decay: number,
): LinearClassifier {
  const [n, d] = features.shape;
  const rows = new Matrix(features.arraySync());
  const mean: Tensor2D = tf.mean(targets, 0, true);
  const answers = new Matrix(tf.sub<Tensor2D>(targets, mean).arraySync());
  const transposed = rows.transpose();
  const system = transposed.mmul(rows).div(n).add(Matrix.eye(d).mul(decay));
  const solved = new CholeskyDecomposition(system).solve(transposed.mmul(answers).div(n));
  return {weights: tf.tensor2d(solved.to2DArray()), bias: mean};
}

/** [n, d] -> [n, c]. */
function logitsOf(features: HostArray, {weights, bias}: ClassLogits): HostArray {
  const logits = tf.tidy(() =>
    tf.add(
      tf.matMul(toTensor(features) as Tensor2D, toTensor(weights) as Tensor2D, false, true),
      toTensor(bias),
    ),
  );
  const array = toHostArray(logits);
  logits.dispose();
  return array;
}
