import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {relativeVitConfig, relativeVitTokens, relativeVitWeights} from '../model/relative-vit.js';
import {placeCount} from '../model/image-tower.js';
import {defineMethod} from './contract/method.js';
import {noiseShapes, projection, tokenDistance} from './shared/token-distance.js';
import {lesson, teacher, teacherWidth, tokenTeacher} from './shared/token-teacher.js';

/** Feature distillation as published: a new transformer learns the tokens of a frozen one, from images alone. */
export default defineMethod({
  name: 'fd-scratch',
  summary: 'Trains a new vision transformer on the tokens of a frozen one, from images alone.',
  cites: [
    {
      paper: 'arXiv:2205.14141',
      title: 'Contrastive Learning Rivals Masked Image Modeling in Fine-tuning via Feature Distillation',
      equations: 'section 3',
      code: 'https://github.com/SwinTransformer/Feature-Distillation',
    },
  ],
  differs:
    'There 300 passes over 1.28 million images, and then fine-tuning for classes: below a hundred thousand images expect a ' +
    'student far behind its teacher. The CLIP itself stays as it is; the student lies beside it (fd-student.safetensors), and ' +
    'its class token is no embedding of the CLIP’s space. Student and teacher see one crop, normalised as the ' +
    'CLIP is; there the student by the constants of ImageNet. The crops are those of the run (there 0.08 to 1 of the area), and so is ' +
    'the optimiser. Beside a ResNet the student is a transformer with a token for each pixel of the last map; the paper has none.',
  needs: {start: true, unpaired: 'images'},
  claims: ['pairs', 'weights'],
  params: z.strictObject({
    teacher,
    beta: z
      .number()
      .positive()
      .default(2)
      .describe('distance below which the smooth L1 is a square, above it grows linearly'),
    dropPath: z
      .number()
      .min(0)
      .lt(1)
      .default(0.2)
      .describe('rate at which the student’s last block is skipped; earlier ones less, the first never'),
  }),
  formula: {
    pairs: {
      distillation: {
        weight: 1,
        value:
          'mean over tokens and channels of smoothL1(Z A^t + a - whiten(Z0)), Z = tokens of all images by the student, Z0 = ' +
          'those by the teacher (the model before the run, unless another is named), A and a = a linear layer that trains with it',
      },
    },
  },
  ...tokenTeacher,
  trains: () => false,
  extras(setting) {
    const student = relativeVitConfig(setting.config);
    const {weight, bias} = projection(student.width, teacherWidth('fd-scratch', setting));
    return {...relativeVitWeights(student), 'projection.weight': weight, 'projection.bias': bias};
  },
  draws: ({config, params: {dropPath}, sizes: {paired, unpaired}}) =>
    noiseShapes(paired + unpaired, {
      ...{dropPath, mask: 0, places: placeCount(config)},
      layers: relativeVitConfig(config).layers,
    }),
  objective(context) {
    const {config, extras, draws, params} = context;
    const student = relativeVitConfig(config);
    const distillation = () =>
      tokenDistance({
        lesson: lesson(context),
        student: (images, noise) => relativeVitTokens(images, student, extras, noise),
        ownClassToken: true,
        ...{weight: extras['projection.weight'] as Tensor2D, bias: extras['projection.bias'] as Tensor1D},
        noise: {draws, dropPath: params.dropPath, mask: 0, embedding: extras['class_embedding'] as Tensor1D},
        beta: params.beta,
      });
    return {pairs: {distillation: {weight: 1, value: distillation}}};
  },
  keeps: ({config, params, extras}) => ({
    name: 'fd-student',
    arrays: extras,
    about: {
      ...relativeVitConfig(config),
      activation: 'gelu',
      preprocess: config.preprocess,
      teacher: params.teacher,
    },
  }),
});
