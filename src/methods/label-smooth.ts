import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {
  negativesSmoothing,
  pairTargetLoss,
  targetsBothWays,
  uniformSmoothing,
} from '../losses/pair-targets.js';
import {defineMethod} from './contract/method.js';
import {pairFeatures} from './contract/pair-features.js';

const conventions = {negatives: negativesSmoothing, uniform: uniformSmoothing} as const;

/** Label smoothing of the contrastive loss: a share of each row's target goes to the other captions of the batch. */
export default defineMethod({
  name: 'label-smooth',
  summary: 'Takes a share of each target from the right caption and spreads it over the batch.',
  cites: [
    {
      paper: 'arXiv:1512.00567',
      title: 'Rethinking the Inception Architecture for Computer Vision',
      equations: 'section 7',
    },
    {
      paper: 'arXiv:2204.14095',
      title: 'PyramidCLIP: Hierarchical Feature Alignment for Vision-language Model Pretraining',
      equations: 'softened contrastive loss',
    },
  ],
  differs:
    'alpha is 0.1 by default, since 0.2 as in PyramidCLIP is much for a small batch. PyramidCLIP is printed with ' +
    'rows that sum to more than 1; here they sum to 1.',
  needs: {},
  claims: ['pairs'],
  params: z.strictObject({
    alpha: z.number().min(0).lt(1).default(0.1).describe('share that is taken from the right caption'),
    convention: z
      .enum(['negatives', 'uniform'])
      .default('negatives')
      .describe('who gets the share: the other captions alone, or all of the batch'),
  }),
  formula: {
    pairs: {contrastive: {weight: 1, value: '1/2 [SCE(s I T^t, P) + SCE(s T I^t, P)], P = smoothed diag'}},
  },
  objective({encode, batch: {paired}, params: {alpha, convention}}) {
    const contrastive = () => {
      const pairs = pairFeatures(encode, paired);
      const smoothed = targetsBothWays(tf.eye(pairs.images.shape[0]), (positives) =>
        conventions[convention](positives, alpha),
      );
      return pairTargetLoss(pairs, encode.scale, smoothed);
    };
    return {pairs: {contrastive: {weight: 1, value: contrastive}}};
  },
});
