import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {Tensors} from '../engine/step.js';
import {lateInteractionLoss, topPatchShare, type TokenFeatures} from '../losses/late-interaction.js';
import {keepTokens, tokenScores} from '../losses/token-selection.js';
import {comparedTokens, patchTokens, wordMask, wordTokens, type TokenHead} from '../model/compared-tokens.js';
import {imageTokenWidth, placeCount} from '../model/image-tower.js';
import {defineMethod, type ExtraWeight} from './contract/method.js';
import {once} from './contract/once.js';
import {rampedWeight} from './shared/ramp.js';

/** FILIP: every patch is compared with its nearest word and every word with its nearest patch, beside the loss of CLIP. */
export default defineMethod({
  name: 'filip',
  summary: 'Compares every patch with its nearest word and every word with its nearest patch, too.',
  cites: [
    {
      paper: 'arXiv:2111.07783',
      title: 'FILIP: Fine-grained Interactive Language-Image Pre-Training',
      equations: 'equations 3 to 6',
    },
  ],
  differs:
    'There the late interaction is the only loss of towers trained from scratch; here it is a term beside the loss of ' +
    'CLIP, grown over the first tenth of the steps, since the patches of a trained CLIP were never compared with words ' +
    'and the heads are new. The start token is left out of the words and the class token of the patches. All tokens ' +
    'are compared by default, since batches are small; there a quarter of them (token-selection top; random is the ' +
    'control). One scale ' +
    'serves both losses. No AutoAugment, no back-translation. The heads are not part of the CLIP that is saved. With ' +
    'ResNets, training from scratch by it was found to lose to that of CLIP (arXiv:2203.05796).',
  needs: {tokens: ['image', 'text']},
  params: z.strictObject({
    dim: z.int().min(1).max(4096).default(256).describe('width of the space in which tokens are compared'),
    tokenSelection: z
      .enum(['all', 'top', 'random'])
      .default('all')
      .describe(
        'tokens that are compared: all, those nearest to any token of the other side of the batch, or any',
      ),
    tokenFraction: z
      .number()
      .gt(0)
      .max(1)
      .default(0.25)
      .describe(
        'share of the tokens of an image or caption that token-selection top or random keeps, rounded up',
      ),
    lateWeight: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the late interaction, reached after a tenth of the steps'),
  }),
  formula: {
    terms: {
      late: {
        weight: 'lateWeight',
        value:
          '1/2 [CE(s S, diag) + CE(s S’, diag)], S = mean over the patches of an image of the largest cosine with a word ' +
          'of a caption, S’ = mean over the words of the largest with a patch, both in a space of dim numbers',
      },
    },
  },
  extras: ({config, params: {dim}}) => ({
    ...head('image_head', imageTokenWidth(config), dim),
    ...head('text_head', config.text.width, dim),
  }),
  tokenHeads: ({extras}) => ({
    image: {weight: extras['image_head.weight']!, bias: extras['image_head.bias']!},
    text: {weight: extras['text_head.weight']!, bias: extras['text_head.bias']!},
  }),
  schedule: (progress, {lateWeight}) => ({lateWeight: rampedWeight(lateWeight, progress)}),
  draws({config, params, sizes}): Record<string, readonly number[]> {
    if (params.tokenSelection !== 'random') return {};
    return {
      patches: [sizes.paired, placeCount(config)],
      words: [sizes.paired, config.text.contextLength - 1],
    };
  },
  objective({config, encode, extras, scalars, draws, batch: {paired}, params}) {
    const tokens = once(() => {
      const patches = patchTokens(config, encode.imageTokens(paired.images));
      return {
        images: comparedTokens(patches, headOf(extras, 'image_head')),
        texts: comparedTokens(wordTokens(encode.textTokens(paired.captions)), headOf(extras, 'text_head')),
        textMask: wordMask(paired.captions),
      };
    });
    const late = () => {
      if (params.tokenSelection === 'all') return lateInteractionLoss(tokens(), encode.scale);
      const scores = params.tokenSelection === 'top' ? nearness(tokens()) : drawnScores(draws, tokens());
      return lateInteractionLoss(keptTokens(tokens(), scores, params.tokenFraction), encode.scale);
    };
    if (params.lateWeight === 0) return {};
    return {
      terms: {late: {weight: scalars['lateWeight']!, value: late}},
      logged: {topPatchShare: () => topPatchShare(tokens())},
    };
  },
});

/** A linear layer, drawn so that tokens of unit variance come out as such. */
function head(name: string, width: number, dim: number): Record<string, ExtraWeight> {
  return {
    [`${name}.weight`]: {shape: [dim, width], initial: {kind: 'normal', deviation: width ** -0.5}},
    [`${name}.bias`]: {shape: [dim], initial: {kind: 'constant', value: 0}},
  };
}

function headOf(extras: Tensors, name: string): TokenHead {
  return {weight: extras[`${name}.weight`] as Tensor2D, bias: extras[`${name}.bias`] as Tensor1D};
}

/** What tokens are kept by, the highest first. */
interface TokenScores {
  /** [b, p] */
  readonly patches: Tensor2D;
  /** [m, t] */
  readonly words: Tensor2D;
}

/** How near each token is to any token of the other side. */
function nearness({images, texts, textMask}: TokenFeatures): TokenScores {
  const patches = {tokens: images, mask: everyPatch(images)};
  return {
    patches: tokenScores(images, {tokens: texts, mask: textMask}),
    words: tokenScores(texts, patches),
  };
}

/** The numbers of a step, of which captions that are shorter than the context use the first. */
function drawnScores(draws: Tensors, {texts}: TokenFeatures): TokenScores {
  const [m, t] = texts.shape;
  return {patches: draws['patches'] as Tensor2D, words: tf.slice(draws['words'] as Tensor2D, [0, 0], [m, t])};
}

function keptTokens(
  {images, texts, textMask}: TokenFeatures,
  by: TokenScores,
  fraction: number,
): TokenFeatures {
  const words = keepTokens({tokens: texts, mask: textMask}, by.words, fraction);
  return {
    images: keepTokens({tokens: images, mask: everyPatch(images)}, by.patches, fraction).tokens,
    texts: words.tokens,
    textMask: words.mask,
  };
}

/** [b, p], 1: an image has no padding. */
function everyPatch(images: Tensor3D): Tensor2D {
  return tf.ones([images.shape[0], images.shape[1]]);
}
