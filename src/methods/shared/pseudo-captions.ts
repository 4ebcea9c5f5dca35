import type {Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {captionPlan, type CaptionPlanOptions} from '../../losses/caption-plan.js';
import {contrastiveLoss} from '../../losses/contrastive.js';
import {pseudoLabelLoss} from '../../losses/pseudo-label.js';
import type {BatchView, Encoders, Formula, Term, Terms} from '../contract/method.js';
import {once} from '../contract/once.js';
import {pairFeatures} from '../contract/pair-features.js';

/** Parameters of every method that gives captions to unpaired images. */
export const pseudoCaptionParams = {
  assign: z
    .enum(['image', 'text'])
    .default('image')
    .describe('what unpaired images are compared with: the captioned images, or the captions'),
  captionWeight: z.number().min(0).default(1).describe('weight of the caption-level term'),
  unpairedNegatives: z
    .enum(['on', 'off'])
    .default('on')
    .describe('whether unpaired images are extra negatives of the captions in the contrastive term'),
};

/** How the order of uncaptioned images differs from the released code, of every method that gives captions to them. */
export const orderDiffers =
  'Where captioned images that look alike share captions, uncaptioned ones come in batches with those that they look ' +
  'like, and where those share hardly a word, they are left out; there in any order (unpaired-order shuffled).';

/** Parameter of the methods whose pseudo-captions have a gradient. */
export const planGrad = z
  .enum(['stop', 'through'])
  .default('stop')
  .describe('whether caption pseudo-labels are constants, or gradients run through them');

export interface PseudoCaptionOptions extends CaptionPlanOptions {
  readonly assign: 'image' | 'text';
  readonly captionWeight: number;
  readonly unpairedNegatives: 'on' | 'off';
}

/** What the pairs are trained towards in every method that gives captions to unpaired images. */
export const pseudoCaptionPairs: Formula = {
  contrastive: {weight: 1, value: '1/2 [CE(s I T^t, diag) + CE(s T [I; Q]^t, diag)]'},
};

/** Terms over pseudo-captions, and what further terms can build on. */
export interface PseudoCaptions {
  readonly pairs: Terms;
  readonly caption: Term;
  /** [u, d], the unpaired images. */
  readonly queries: () => Tensor2D;
  /** [u, b], how each unpaired image is spread over the captions. */
  readonly plan: () => Tensor2D;
}

/** A batch that has unpaired images. */
type UnpairedView = {
  readonly [K in keyof BatchView<{unpaired: 'images'}>]: NonNullable<BatchView<{unpaired: 'images'}>[K]>;
};

/** The contrastive and the caption-level term of S-CLIP and its baselines (arXiv:2305.14095). */
export function pseudoCaptions(
  encode: Encoders,
  {paired, unpaired}: UnpairedView,
  options: PseudoCaptionOptions,
): PseudoCaptions {
  const {scale} = encode;
  const images = () => encode.images(paired.images);
  const texts = () => encode.texts(paired.captions);
  const queries = () => encode.images(unpaired.images);
  const plan = once(() =>
    captionPlan(queries(), options.assign === 'text' ? texts() : images(), scale, options),
  );
  const contrastive = () => {
    const pairs = pairFeatures(encode, paired);
    return contrastiveLoss(pairs, scale, options.unpairedNegatives === 'on' ? queries() : undefined);
  };
  const caption = () => pseudoLabelLoss({queries: queries(), texts: texts()}, scale, plan());
  return {
    pairs: {contrastive: {weight: 1, value: contrastive}},
    caption: {weight: options.captionWeight, value: caption},
    ...{queries, plan},
  };
}
