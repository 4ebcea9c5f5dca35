import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {imageTokenWidth, placeCount} from '../model/image-tower.js';
import {UserError} from '../support/errors.js';
import {defineMethod} from './contract/method.js';
import {noiseShapes, projection, tokenDistance} from './shared/token-distance.js';
import {hasClassToken, lesson, teacher, teacherWidth, tokenTeacher} from './shared/token-teacher.js';

/** Feature distillation: all image tokens stay within a learned linear layer of those of the model before the run. */
export default defineMethod({
  name: 'fd',
  summary: 'Keeps all image tokens near those of the model before the run, or of another model.',
  cites: [
    {
      paper: 'arXiv:2205.14141',
      title: 'Contrastive Learning Rivals Masked Image Modeling in Fine-tuning via Feature Distillation',
      equations: 'section 3',
      code: 'https://github.com/SwinTransformer/Feature-Distillation',
    },
  ],
  differs:
    'There a new transformer with relative positions learns from the frozen one, to be fine-tuned for classes (that is the ' +
    'method fd-scratch); here ' +
    'the adapted CLIP is held to its own start, as a term beside others: the student keeps its positions and its last ' +
    'norm, and the projection starts as the identity. Since only the teacher is whitened, the loss of a model that has ' +
    'not moved is not 0. Paths are dropped in a pass of its own, with a rate that grows to 0.1 (there 0.2 or 0.3), so ' +
    'that other terms see the whole model (drop-path 0 saves that pass). Tokens of DINO, DeiT and others are read from a ' +
    'file, made of the whole image, and compared with those of the whole image. Hidden patches (mask) are ours. Of a ResNet ' +
    'the pixels of the last map are the tokens, nothing is dropped and nothing hidden; the paper has none.',
  needs: {start: true, tokens: ['image'], unpaired: 'images'},
  params: z.strictObject({
    teacher,
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
    dropPath: z
      .number()
      .min(0)
      .lt(1)
      .default(0.1)
      .describe('rate at which the student’s last block is skipped; earlier ones less, the first never'),
    mask: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('share of the patches that the student does not see; above 0 their tokens alone count'),
  }),
  formula: {
    terms: {
      distillation: {
        weight: 'distillationWeight',
        value:
          'mean over tokens and channels of smoothL1(Z A^t + a - whiten(Z0)), Z and Z0 = tokens of all images by the ' +
          'model and by the teacher (the model before the run, unless another is named), A and a = a linear layer that trains with it; Z with dropped paths and ' +
          'hidden patches',
      },
    },
  },
  ...tokenTeacher,
  extras(setting) {
    const {config, params} = setting;
    const width = imageTokenWidth(config);
    if (params.mask > 0 && config.vision.kind === 'resnet') {
      throw new UserError('fd: expected a vision transformer for a mask above 0, got a ResNet', {
        tryThis: 'leave the parameter mask at 0',
      });
    }
    return {
      ...projection(width, teacherWidth('fd', setting)),
      ...(params.mask > 0 && {mask_embedding: {shape: [width], initial: {kind: 'normal', deviation: 0.02}}}),
    };
  },
  draws({config, params, sizes}): Record<string, readonly number[]> {
    const {vision} = config;
    if (vision.kind === 'resnet') return {};
    const n = sizes.paired + sizes.unpaired;
    return noiseShapes(n, {...params, layers: vision.layers, places: placeCount(config)});
  },
  objective(context) {
    const {config, encode, extras, draws, params} = context;
    const distillation = () =>
      tokenDistance({
        lesson: lesson(context),
        student: (images, noise) => encode.imageTokens(images, noise),
        ownClassToken: hasClassToken(config),
        ...{weight: extras['weight'] as Tensor2D, bias: extras['bias'] as Tensor1D},
        noise: {...params, draws, embedding: extras['mask_embedding'] as Tensor1D},
        beta: params.beta,
      });
    return {terms: {distillation: {weight: params.distillationWeight, value: distillation}}};
  },
});
