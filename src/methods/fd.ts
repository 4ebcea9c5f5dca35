import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {constant} from '../losses/constant.js';
import {smoothL1, whiten} from '../losses/feature-distillation.js';
import {imageTokenWidth} from '../model/image-tower.js';
import {affine} from '../model/layers/linear.js';
import {defineMethod, type Encoders} from './contract/method.js';

/** Feature distillation: all image tokens stay within a learned linear layer of those of the model before the run. */
export default defineMethod({
  name: 'fd',
  summary: 'Keeps all image tokens near those of the model before the run, with or without captions.',
  cites: [
    {
      paper: 'arXiv:2205.14141',
      title: 'Contrastive Learning Rivals Masked Image Modeling in Fine-tuning via Feature Distillation',
      equations: 'section 3',
      code: 'https://github.com/SwinTransformer/Feature-Distillation',
    },
  ],
  differs:
    'There a new transformer with relative positions learns from the frozen one, to be fine-tuned for classes; here ' +
    'the adapted CLIP is held to its own start, as a term beside others: the student keeps its positions and its last ' +
    'norm, drops no paths, and the projection starts as the identity. Since only the teacher is whitened, the loss of ' +
    'a model that has not moved is not 0. Of a ResNet the pixels of the last map are the tokens; the paper has none.',
  needs: {start: true, tokens: ['image'], unpaired: 'images'},
  params: z.strictObject({
    distillationWeight: z
      .number()
      .min(0)
      .default(0.1)
      .describe('weight of the distance to the tokens before'),
    beta: z
      .number()
      .positive()
      .default(2)
      .describe('distance below which the smooth L1 is a square, above it grows linearly'),
  }),
  formula: {
    terms: {
      distillation: {
        weight: 'distillationWeight',
        value:
          'mean over tokens and channels of smoothL1(Z A^t + a - whiten(Z0)), Z and Z0 = tokens of all images by the ' +
          'model and by the one before the run, A and a = a linear layer that trains with it',
      },
    },
  },
  extras({config}) {
    const width = imageTokenWidth(config);
    return {
      weight: {shape: [width, width], initial: {kind: 'identity'}},
      bias: {shape: [width], initial: {kind: 'constant', value: 0}},
    };
  },
  objective({encode, start, extras, batch: {paired, unpaired}, params: {distillationWeight, beta}}) {
    const distillation = () => {
      const rows = (model: Encoders): Tensor2D => {
        const maps = [paired, ...(unpaired === null ? [] : [unpaired])].map(({images}) =>
          model.imageTokens(images),
        );
        return tf.concat(maps.map(tokenRows), 0);
      };
      const [before, now] = [rows(start), rows(encode)];
      const projected = affine(now, extras['weight'] as Tensor2D, extras['bias'] as Tensor1D);
      return smoothL1(
        projected,
        constant(() => whiten(before)),
        {beta},
      );
    };
    return {terms: {distillation: {weight: distillationWeight, value: distillation}}};
  },
});

/** [n, t, w] -> [n * t, w]. */
function tokenRows(tokens: Tensor3D): Tensor2D {
  const [n, t, width] = tokens.shape;
  return tf.reshape(tokens, [n * t, width]);
}
