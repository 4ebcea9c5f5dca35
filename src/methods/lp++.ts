import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {toHostArray, toTensor} from '../engine/host-array.js';
import type {HostArray} from '../engine/step.js';
import {lpPlusPlusLogits, type BlendedProbe} from '../losses/few-shot-logits.js';
import {softCrossEntropy} from '../losses/soft-cross-entropy.js';
import {defineMethod} from './contract/method.js';
import {accuracy, oneHotRows, pickRows} from './shared/class-rows.js';
import {holdOut} from './shared/hold-out.js';
import {largestEigenvalue} from './shared/softmax-regression.js';

/** LP++: a linear probe that starts at the class means, blended with the text of each class by a learned factor. */
export default defineMethod({
  name: 'lp++',
  summary:
    'Fits a linear classifier blended with the prompts of the classes, with steps that need no tuning.',
  cites: [
    {
      paper: 'arXiv:2404.02285',
      title: 'LP++: A Surprisingly Strong Linear Probe for Few-Shot CLIP',
      equations: 'sections 3 and 4',
      code: 'https://github.com/FereshteShakeri/FewShot-CLIP-Strong-Baseline',
    },
  ],
  differs:
    'The gradient of the blend is that of the step; in the released code it is never cleared and grows with the epochs. ' +
    'The number of epochs is chosen on a share of the training images that is kept back, and all images are then ' +
    'fitted that long; there the best epoch on a validation set is taken. Features are of one central crop.',
  needs: {classes: true},
  claims: ['head'],
  steps: false,
  params: z.strictObject({
    epochs: z.int().min(1).max(100_000).default(300).describe('most steps over all images at once'),
    blendEvery: z.int().min(1).max(1000).default(10).describe('steps between two of the blend'),
    heldOut: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe('share of each class that is kept back to choose by'),
  }),
  formula: {
    solved:
      'min over W, b, alpha of SCE(I W^t + b + alpha (I C^t), Y), C = prompts of the classes, Y = the classes of I',
  },
  async solve({images, prompts, labels, classes, seed, params}) {
    const features = await images();
    const texts = await prompts();
    const given = (numbers: readonly number[]): Fitted => {
      const own = numbers.map((i) => labels[i]!);
      return {features: pickRows(features, numbers), targets: oneHotRows(own, classes), texts};
    };
    const {fit, held} = holdOut(labels, {share: params.heldOut, seed});
    let best = {epoch: params.epochs, score: -1};
    if (held.length > 0) {
      const right = held.map((i) => labels[i]!);
      fitBlend(given(fit), params, {
        held: pickRows(features, held),
        onEpoch: (epoch, logits) => {
          const score = accuracy(logits, right);
          if (score > best.score) best = {epoch, score};
        },
      });
    }
    const all = labels.map((_, i) => i);
    return {head: fitBlend(given(all), {...params, epochs: best.epoch})};
  },
});

interface Fitted {
  /** [n, d]. */
  readonly features: HostArray;
  /** [n, c]. */
  readonly targets: HostArray;
  /** [c, d]. */
  readonly texts: HostArray;
}

interface Watch {
  readonly held: HostArray;
  readonly onEpoch: (epoch: number, logits: HostArray) => void;
}

/** Gradient descent in blocks: W and b at every step, the blend now and then, each at the rate that its curvature allows. */
function fitBlend(
  {features, targets, texts}: Fitted,
  {epochs, blendEvery}: {readonly epochs: number; readonly blendEvery: number},
  watch?: Watch,
) {
  const rows = toTensor(features) as Tensor2D;
  const right = toTensor(targets) as Tensor2D;
  const prompts = toTensor(texts) as Tensor2D;
  const unseen = watch && (toTensor(watch.held) as Tensor2D);
  const [n] = rows.shape;
  const rates = tf.tidy(() => {
    const scores = tf.square(tf.matMul(rows, prompts, false, true)); // [n, c]
    const largest = tf.max<Scalar>(tf.sum(scores, 0)).dataSync()[0]!;
    return {probe: (4 * n) / largestEigenvalue(rows), blend: n / (4 * largest)};
  });
  let probe = firstProbe(rows, right, prompts);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const next = tf.tidy(() => {
      const loss = (weights: Tensor2D, bias: Tensor1D, blend: Tensor1D) =>
        softCrossEntropy(lpPlusPlusLogits(rows, prompts, {weights, bias, blend}), right);
      const slopes = tf.grads((...given) =>
        loss(given[0] as Tensor2D, given[1] as Tensor1D, given[2] as Tensor1D),
      )([probe.weights, probe.bias, probe.blend]);
      const moved = <T extends tf.Tensor>(value: T, slope: tf.Tensor, rate: number): T =>
        tf.sub(value, tf.mul(slope, rate));
      return {
        weights: moved(probe.weights, slopes[0]!, rates.probe),
        bias: moved(probe.bias, slopes[1]!, rates.probe),
        blend: epoch % blendEvery === 0 ? moved(probe.blend, slopes[2]!, rates.blend) : tf.clone(probe.blend),
      };
    });
    tf.dispose({...probe});
    probe = next;
    if (watch && unseen) {
      const logits = tf.tidy(() => lpPlusPlusLogits(unseen, prompts, probe));
      watch.onEpoch(epoch, toHostArray(logits));
      logits.dispose();
    }
  }
  const weights = tf.tidy(() => tf.add(probe.weights, tf.mul(prompts, tf.expandDims(probe.blend, 1))));
  const head = {weights: toHostArray(weights), bias: toHostArray(probe.bias)};
  tf.dispose([weights, {...probe}, rows, right, prompts, ...(unseen ? [unseen] : [])]);
  return head;
}

/** W at the means of the classes, no bias, and the blend at 250 times how well the texts fit their own classes. */
function firstProbe(rows: Tensor2D, targets: Tensor2D, texts: Tensor2D): BlendedProbe {
  return tf.tidy(() => {
    const counts = tf.maximum(tf.sum(targets, 0), 1); // [c]
    const means = tf.div<Tensor2D>(tf.matMul(targets, rows, true, false), tf.expandDims(counts, 1)); // [c, d]
    const own = tf.mean<Scalar>(tf.sum(tf.mul(means, texts), 1));
    const c = texts.shape[0];
    return {
      weights: means,
      bias: tf.zeros<tf.Rank.R1>([c]),
      blend: tf.mul<Tensor1D>(tf.ones([c]), tf.mul(250, own)),
    };
  });
}
