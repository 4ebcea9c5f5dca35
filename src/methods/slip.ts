import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {Tensors} from '../engine/step.js';
import {ntXentLoss} from '../losses/nt-xent.js';
import {layerNorm} from '../model/layers/layer-norm.js';
import {affine} from '../model/layers/linear.js';
import type {Lookup} from '../model/layers/lookup.js';
import {unitRows} from '../model/unit-rows.js';
import {defineMethod} from './contract/method.js';

/** The projections have this share of the width of an embedding: 128 for 512. */
const narrowing = 4;

const epsilon = 1e-5;

/** SLIP: beside the loss on the pairs, two crops of an image are told from those of all others, captioned or not. */
export default defineMethod({
  name: 'slip',
  summary: 'Tells two crops of each image, with or without a caption, from those of all other images.',
  cites: [
    {
      paper: 'arXiv:2112.12750',
      title: 'SLIP: Self-supervision meets Language-Image Pre-training',
      equations: 'algorithm 1',
      code: 'https://github.com/facebookresearch/SLIP',
    },
  ],
  differs:
    'For few images: the head is small (as wide as an embedding, then a quarter of it) with a layer norm, since batch norm ' +
    'needs large batches, and starts from embeddings of unit length; there it has 4,096 units and reads what the last ' +
    'projection does. Crops are of 0.4 to 1 of the area (there 0.08 to 1) without changes of colour, which are words of many captions. ' +
    'The weight is 0.2 (there 1). Images without captions are seen too. The head is not part of the CLIP that is saved.',
  needs: {unpaired: 'images'},
  params: z.strictObject({
    selfWeight: z.number().min(0).default(0.2).describe('weight of the term over crops'),
    temperature: z.number().positive().default(0.1).describe('what cosines of crops are divided by'),
    area: z
      .number()
      .gt(0)
      .max(1)
      .default(0.4)
      .describe('least share of the area of an image that a crop takes'),
  }),
  formula: {
    terms: {
      self: {
        weight: 'selfWeight',
        value:
          'mean over the 2n crops of CE of their cosines / temperature with the other 2n - 1, right is the other crop of the ' +
          'same image; of projections that are learned',
      },
    },
  },
  extras({config: {embedDim}}) {
    const narrow = Math.ceil(embedDim / narrowing);
    const initial = {kind: 'uniform', bound: embedDim ** -0.5} as const;
    return {
      'hidden.weight': {shape: [embedDim, embedDim], initial},
      'hidden.bias': {shape: [embedDim], initial},
      'norm.weight': {shape: [embedDim], initial: {kind: 'constant', value: 1}},
      'norm.bias': {shape: [embedDim], initial: {kind: 'constant', value: 0}},
      'out.weight': {shape: [narrow, embedDim], initial},
      'out.bias': {shape: [narrow], initial},
    };
  },
  views: ({area}) => ({first: {of: 'all', area: [area, 1]}, second: {of: 'all', area: [area, 1]}}),
  objective({encode, extras, views, params}) {
    const projected = (name: 'first' | 'second'): Tensor2D => {
      const crops = [views.paired[name]!, views.unpaired[name]].filter((all) => all !== undefined);
      return project(
        tf.concat2d(
          crops.map((all: Tensor4D) => encode.images(all)),
          0,
        ),
        extras,
      );
    };
    const self = () => ntXentLoss(projected('first'), projected('second'), params.temperature);
    return {terms: {self: {weight: params.selfWeight, value: self}}};
  },
});

/** Embeddings [n, d] -> projections [n, d / 4], rows of unit length. */
function project(rows: Tensor2D, weights: Tensors): Tensor2D {
  const lookup: Lookup = <T extends tf.Tensor>(name: string) => weights[name] as T;
  const layer = (input: Tensor2D, name: string): Tensor2D =>
    affine(input, weights[`${name}.weight`] as Tensor2D, weights[`${name}.bias`] as Tensor1D);
  const hidden = tf.relu(layerNorm(layer(rows, 'hidden'), lookup, 'norm', epsilon));
  return unitRows(layer(hidden, 'out'));
}
