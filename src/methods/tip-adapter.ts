import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {toHostArray, toTensor} from '../engine/host-array.js';
import type {HostArray} from '../engine/step.js';
import {tipAdapterLogits} from '../losses/few-shot-logits.js';
import {defineMethod} from './contract/method.js';
import {bestBy} from './shared/best-by.js';
import {accuracy, oneHotRows, pickRows} from './shared/class-rows.js';
import {holdOut} from './shared/hold-out.js';

/** What zero-shot logits are multiplied by, as CLIP’s own scale is at its bound. */
const scale = 100;

/** Tip-Adapter: zero-shot classification, helped by the classes of the nearest training images. */
export default defineMethod({
  name: 'tip-adapter',
  summary: 'Adds the classes of the nearest training images to zero-shot logits, without any training.',
  cites: [
    {
      paper: 'arXiv:2111.03930',
      title: 'Tip-Adapter: Training-free CLIP-Adapter for Better Vision-Language Modeling',
      equations: 'section 3.1',
      code: 'https://github.com/gaopengcuhk/Tip-Adapter',
    },
  ],
  differs:
    'Alpha and beta are chosen on a share of the training images that is kept back; the released code searches them on ' +
    'the test images of ImageNet. Keys are the embeddings of one central crop; there means of ten random ones. The ' +
    'keys are not trained (Tip-Adapter-F).',
  needs: {classes: true},
  claims: ['head'],
  steps: false,
  params: z.strictObject({
    alpha: choice('alpha', 'how much the nearest images add'),
    beta: choice('beta', 'how near an image must be: the larger, the nearer'),
    heldOut: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe('share of each class that is kept back to choose by'),
  }),
  formula: {
    solved:
      '100 I C^t + alpha exp(-beta (1 - I K^t)) Y, C = prompts of the classes, K = training images, Y = their classes',
  },
  async solve({images, prompts, labels, classes, seed, params}) {
    const features = await images();
    const texts = await prompts();
    const weights = {shape: texts.shape, data: Float32Array.from(texts.data, (value) => scale * value)};
    const cacheOf = (numbers: readonly number[]) => ({
      keys: pickRows(features, numbers),
      values: oneHotRows(
        numbers.map((i) => labels[i]!),
        classes,
      ),
    });
    const {fit, held} = holdOut(labels, {share: params.heldOut, seed});
    const pairs = grid(params);
    const right = held.map((i) => labels[i]!);
    const chosen =
      held.length === 0 || pairs.length === 1
        ? pairs[0]!
        : bestBy(pairs, (pair) =>
            accuracy(cacheLogits(pickRows(features, held), {...cacheOf(fit), weights, ...pair}), right),
          );
    const bias = {shape: [classes], data: new Float32Array(classes)};
    return {head: {weights, bias, cache: {...cacheOf(labels.map((_, i) => i)), ...chosen}}};
  },
});

function choice(name: string, description: string) {
  return z
    .union([z.literal('auto'), z.number().min(0)], {
      error: ({input}) => `expected auto or a number >= 0, got ${JSON.stringify(input)}`,
    })
    .default('auto')
    .describe(`${description}; auto chooses ${name} on images that are kept back`);
}

/** The paper's own values first: they are taken when nothing else is better, or there is nothing to choose by. */
const candidates = {
  alpha: [1, 0.1, 0.3, 0.5, 2, 3, 5, 10, 20, 50, 100, 200],
  beta: [5.5, 1, 2, 3.5, 8, 11, 20, 50],
} as const;

function grid({alpha, beta}: {readonly alpha: number | 'auto'; readonly beta: number | 'auto'}) {
  const alphas = alpha === 'auto' ? candidates.alpha : [alpha];
  const betas = beta === 'auto' ? candidates.beta : [beta];
  return alphas.flatMap((a) => betas.map((b) => ({alpha: a, beta: b})));
}

interface Cached {
  readonly keys: HostArray;
  readonly values: HostArray;
  readonly weights: HostArray;
  readonly alpha: number;
  readonly beta: number;
}

/** [n, d] -> [n, c]. */
function cacheLogits(features: HostArray, {keys, values, weights, alpha, beta}: Cached): HostArray {
  const logits = tf.tidy(() => {
    const [rows, zeroShot] = [toTensor(features) as Tensor2D, toTensor(weights) as Tensor2D];
    const cache = {keys: toTensor(keys) as Tensor2D, values: toTensor(values) as Tensor2D};
    const added = tipAdapterLogits(rows, cache, {alpha, beta});
    return tf.add(tf.matMul(rows, zeroShot, false, true), added);
  });
  const array = toHostArray(logits);
  logits.dispose();
  return array;
}
