import type {Scalar} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {optimalSigmoidBias} from '../losses/siglip-bias.js';
import {siglipLoss} from '../losses/siglip.js';
import {defineMethod} from './contract/method.js';
import {pairFeatures} from './contract/pair-features.js';

/** SigLIP: each image and caption is told by itself whether they belong together. */
export default defineMethod({
  name: 'siglip',
  summary: 'Decides for every image and caption by a sigmoid whether they belong together.',
  cites: [
    {
      paper: 'arXiv:2303.15343',
      title: 'Sigmoid Loss for Language Image Pre-Training',
      equations: 'algorithm 1',
      code: 'https://github.com/google-research/big_vision',
    },
  ],
  differs:
    'The bias starts where the loss of the first batch is least, since -10 is meant for a scale of 10 and a ' +
    'pre-trained CLIP has about 100 (bias -10 starts as published). The scale starts at the model’s.',
  needs: {},
  claims: ['pairs'],
  params: z.strictObject({
    bias: z
      .union([z.literal('auto'), z.number()], {
        error: ({input}) => `expected auto or a number, got ${JSON.stringify(input)}`,
      })
      .default('auto')
      .describe('first value of the bias; auto fits it to the first batch'),
  }),
  formula: {
    pairs: {
      sigmoid: {
        weight: 1,
        value: '-1/n sum_ij log sigmoid(z_ij (s I_i . T_j + b)), z = 1 for pairs, else -1; b is learned',
      },
    },
  },
  extras: ({params: {bias}}) => ({
    bias: {shape: [], initial: {kind: 'constant', value: bias === 'auto' ? -10 : bias}},
  }),
  calibrate({encode, batch: {paired}, params}) {
    if (params.bias !== 'auto') return {};
    const {images, texts} = pairFeatures(encode, paired);
    const logits = tf.mul(encode.scale, tf.matMul(images, texts, false, true)).dataSync();
    const positives = tf.eye(images.shape[0]).dataSync();
    return {bias: {shape: [], data: Float32Array.of(optimalSigmoidBias({logits, positives}))}};
  },
  objective({encode, extras, batch: {paired}}) {
    const sigmoid = () => siglipLoss(pairFeatures(encode, paired), encode.scale, extras['bias'] as Scalar);
    return {pairs: {sigmoid: {weight: 1, value: sigmoid}}};
  },
});
