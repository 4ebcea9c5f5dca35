import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {Tensors} from '../engine/step.js';
import {constant} from '../losses/constant.js';
import {smoothL1, whiten} from '../losses/feature-distillation.js';
import {pathFactors} from '../model/drop-path.js';
import type {ImageNoise} from '../model/image-noise.js';
import {imageTokenWidth, placeCount} from '../model/image-tower.js';
import {affine} from '../model/layers/linear.js';
import {maskedPlaces} from '../model/masked-places.js';
import {UserError} from '../support/errors.js';
import {defineMethod} from './contract/method.js';

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
    'norm, and the projection starts as the identity. Since only the teacher is whitened, the loss of a model that has ' +
    'not moved is not 0. Paths are dropped in a pass of its own, with a rate that grows to 0.1 (there 0.2 or 0.3), so ' +
    'that other terms see the whole model (drop-path 0 saves that pass). Hidden patches (mask) are ours. Of a ResNet ' +
    'the pixels of the last map are the tokens, nothing is dropped and nothing hidden; the paper has none.',
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
          'model and by the one before the run, A and a = a linear layer that trains with it; Z with dropped paths and ' +
          'hidden patches',
      },
    },
  },
  extras({config, params}) {
    const width = imageTokenWidth(config);
    if (params.mask > 0 && config.vision.kind === 'resnet') {
      throw new UserError('fd: expected a vision transformer for a mask above 0, got a ResNet', {
        tryThis: 'leave the parameter mask at 0',
      });
    }
    return {
      weight: {shape: [width, width], initial: {kind: 'identity'}},
      bias: {shape: [width], initial: {kind: 'constant', value: 0}},
      ...(params.mask > 0 && {mask_embedding: {shape: [width], initial: {kind: 'normal', deviation: 0.02}}}),
    };
  },
  draws({config, params, sizes}): Record<string, readonly number[]> {
    const {vision} = config;
    if (vision.kind === 'resnet') return {};
    const n = sizes.paired + sizes.unpaired;
    return {
      ...(params.dropPath > 0 && {paths: [n, 2 * vision.layers]}),
      ...(params.mask > 0 && {places: [n, placeCount(config)]}),
    };
  },
  objective({encode, start, extras, draws, batch: {paired, unpaired}, params}) {
    const distillation = () => {
      const images = [paired.images, ...(unpaired === null ? [] : [unpaired.images])];
      const noise = noiseOf(draws, images, {...params, embedding: extras['mask_embedding'] as Tensor1D});
      const before = images.map((all) => start.imageTokens(all));
      const now = images.map((all, i) => encode.imageTokens(all, noise[i]));
      const [weight, bias] = [extras['weight'] as Tensor2D, extras['bias'] as Tensor1D];
      const masks = noise.flatMap((of) => (of?.masked ? [withoutClassToken(of.masked.places)] : []));
      return smoothL1(
        affine(tokenRows(now), weight, bias),
        constant(() => whiten(tokenRows(before))),
        {beta: params.beta, ...(masks.length > 0 && {mask: tf.concat(masks, 0)})},
      );
    };
    return {terms: {distillation: {weight: params.distillationWeight, value: distillation}}};
  },
});

interface NoiseOptions {
  readonly dropPath: number;
  readonly mask: number;
  readonly embedding: Tensor1D;
}

/** What the student leaves out of each of some stacks of images, by their rows of the draws; undefined: nothing. */
function noiseOf(
  {paths, places}: Tensors,
  images: readonly Tensor4D[],
  {dropPath, mask, embedding}: NoiseOptions,
): (ImageNoise | undefined)[] {
  if (!paths && !places) return images.map(() => undefined);
  const factors = paths && pathFactors(paths as Tensor2D, dropPath);
  const hidden = places && maskedPlaces(places as Tensor2D, Math.max(1, Math.round(mask * places.shape[1]!)));
  let first = 0;
  return images.map((all) => {
    const rows = (of: Tensor2D): Tensor2D => tf.slice(of, [first, 0], [all.shape[0], of.shape[1]]);
    const noise = {
      paths: factors && rows(factors),
      masked: hidden && {places: rows(hidden), embedding},
    };
    first += all.shape[0];
    return noise;
  });
}

/** Patches [n, p] as tokens, of which the first is none: [n * (1 + p)]. */
function withoutClassToken(places: Tensor2D): Tensor1D {
  const [n, p] = places.shape;
  return tf.reshape(tf.concat2d([tf.zeros([n, 1]), places], 1), [n * (1 + p)]);
}

/** [n, t, w] each -> [all n * t, w]. */
function tokenRows(tokens: readonly Tensor3D[]): Tensor2D {
  return tf.concat(
    tokens.map((map) => tf.reshape<tf.Rank.R2>(map, [map.shape[0] * map.shape[1], map.shape[2]])),
    0,
  );
}
