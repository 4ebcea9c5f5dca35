import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {multiPositiveTargets, pairTargetLoss, targetsBothWays} from '../losses/pair-targets.js';
import {defineMethod} from './contract/method.js';

/** FLYP: fine-tune like you pretrain. The loss of CLIP, with prompts of the classes in place of captions. */
export default defineMethod({
  name: 'flyp',
  summary: 'Trains on images with a class as CLIP does on captions: the caption is a prompt of the class.',
  cites: [
    {
      paper: 'arXiv:2212.00638',
      title: 'Finetune like you pretrain: Improved finetuning of zero-shot vision models',
      equations: 'section 3',
      code: 'https://github.com/locuslab/FLYP',
    },
  ],
  differs:
    'Images of one class in a batch are positives of each other by default; there they are negatives (collisions ' +
    'negatives). The template of a prompt is drawn anew at every visit.',
  needs: {classes: true},
  claims: ['pairs'],
  params: z.strictObject({
    collisions: z
      .enum(['positives', 'negatives'])
      .default('positives')
      .describe('what images of the same class in a batch are to each other’s prompts'),
  }),
  formula: {
    pairs: {
      contrastive: {
        weight: 1,
        value:
          '1/2 [SCE(s I C^t, P) + SCE(s C I^t, P^t)], C = prompts of the classes of the images, P = 1 / n_r where ' +
          'image and prompt are of one of the n_r of the same class, or diag with collisions negatives',
      },
    },
  },
  objective({encode, batch: {paired, classes}, params}) {
    const contrastive = () => {
      const pairs = {images: encode.images(paired.images), texts: encode.texts(classes.prompts)};
      const same: tf.Tensor2D = tf.matMul(classes.labels, classes.labels, false, true);
      const positives = params.collisions === 'positives' ? same : tf.eye(same.shape[0]);
      return pairTargetLoss(pairs, encode.scale, targetsBothWays(positives, multiPositiveTargets));
    };
    return {pairs: {contrastive: {weight: 1, value: contrastive}}};
  },
});
