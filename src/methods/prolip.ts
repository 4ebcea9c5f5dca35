import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {compileStep} from '../engine/compile.js';
import type {HostArray, HostArrays, Step} from '../engine/step.js';
import {anchorPenalty} from '../losses/anchor-penalty.js';
import {softCrossEntropy} from '../losses/soft-cross-entropy.js';
import {imageProjection} from '../model/image-projection.js';
import {unitRows} from '../model/unit-rows.js';
import {defineMethod} from './contract/method.js';
import {oneHotRows} from './shared/class-rows.js';

/** ProLIP: the last linear layer of the image tower is fine-tuned on cached features, held near where it was. */
export default defineMethod({
  name: 'prolip',
  summary: 'Fine-tunes the last linear layer of the image tower on cached features, in seconds.',
  cites: [
    {
      paper: 'arXiv:2410.05270',
      title: 'CLIP’s Visual Embedding Projector is a Few-shot Cornucopia',
      equations: 'section 3',
      code: 'https://github.com/astra-vision/ProLIP',
    },
  ],
  differs:
    'Features are of the crop that evaluation takes; there of many random ones. Of a ResNet the last layer of the ' +
    'attention pool is fine-tuned, without its bias. Shots are the mean number of images of a class.',
  needs: {classes: true},
  steps: false,
  params: z.strictObject({
    epochs: z.int().min(1).max(100_000).default(300).describe('passes over all images at once'),
    rate: z.number().gt(0).max(1).default(1e-4).describe('learning rate of Adam, falling as a cosine'),
    anchor: z
      .union([z.literal('auto'), z.number().min(0)], {
        error: ({input}) => `expected auto or a number >= 0, got ${JSON.stringify(input)}`,
      })
      .default('auto')
      .describe('weight of the squared distance from the projection before; auto is 1 / shots'),
  }),
  formula: {
    solved:
      'min over P of SCE(100 unit(X P) C^t, Y) + anchor |P - P0|^2, X = what the last layer reads, C = prompts of the classes',
  },
  async solve({config, weights, labels, classes, params, ...problem}) {
    const name = imageProjection(config);
    const features = await problem.beforeProjection();
    const texts = await problem.prompts();
    const anchor = params.anchor === 'auto' ? classes / labels.length : params.anchor;
    const before = {projection: weights[name.weight]!, ...(name.bias && {bias: weights[name.bias]!})};
    const batch = {features, targets: oneHotRows(labels, classes), texts};
    const projection = fineTuned({before, batch, transposed: name.bias !== undefined, anchor}, params);
    return {weights: {[name.weight]: projection}};
  },
});

interface Problem {
  /** The layer as it is: projection, and its bias where it has one. */
  readonly before: HostArrays;
  /** features [n, w], targets [n, c], texts [c, d]. */
  readonly batch: HostArrays;
  /** Whether the projection is [d, w], not [w, d]. */
  readonly transposed: boolean;
  readonly anchor: number;
}

function fineTuned(
  {before, batch, transposed, anchor}: Problem,
  {epochs, rate}: {readonly epochs: number; readonly rate: number},
): HostArray {
  const step: Step = (weights, _state, given) => {
    const [projection, bias, start] = [weights['projection'], weights['bias'], weights['start']];
    const [features, texts] = [given['features'] as Tensor2D, given['texts'] as Tensor2D];
    const projected = tf.matMul(features, projection as Tensor2D, false, transposed);
    const rows = unitRows(bias ? tf.add<Tensor2D>(projected, bias) : (projected as Tensor2D));
    const logits: Tensor2D = tf.mul(100, tf.matMul(rows, texts, false, true));
    const terms = {
      classes: softCrossEntropy(logits, given['targets'] as Tensor2D),
      anchor: anchorPenalty(projection!, start!),
    };
    return {loss: tf.add<Scalar>(terms.classes, tf.mul(anchor, terms.anchor)), terms, state: {}};
  };
  const compiled = compileStep(step, {
    weights: before,
    constants: {start: before['projection']!},
    trained: new Set(['projection']),
    decayed: new Set(),
    state: {},
    optimizer: {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0},
    clamped: {},
  });
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const learningRate = (rate * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
      compiled.run(batch, {learningRate, step: epoch + 1});
    }
    return compiled.read('weights/projection');
  } finally {
    compiled.dispose();
  }
}
