import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {logSelfSimilarity} from '../losses/self-similarity.js';
import {
  meanTargetEntropy,
  negativesAlignmentLoss,
  softAlignmentLoss,
  type SoftAlignment,
} from '../losses/softclip.js';
import {patchTokens} from '../model/compared-tokens.js';
import {unitRows} from '../model/unit-rows.js';
import {defineMethod, type View} from './contract/method.js';
import {once} from './contract/once.js';
import type {SideFile} from './contract/outside.js';
import {pairFeatures} from './contract/pair-features.js';
import {supervisedFormula, supervisedTerms} from './contract/supervised.js';

/** SoftCLIP: what a frozen model finds alike among the images, and among the captions, softens the targets of the pairs. */
export default defineMethod({
  name: 'softclip',
  summary: 'Softens the targets of the pairs by how alike images, and captions, are to a frozen model.',
  cites: [
    {
      paper: 'arXiv:2303.17561',
      title: 'SoftCLIP: Softer Cross-modal Alignment Makes CLIP Stronger',
      equations: 'sections 3.2 to 3.4',
    },
  ],
  differs:
    'Written from the description, no code was released; beta and the weights are as recalled. There a detector finds ' +
    'regions and tags, whose similarities soften the targets (soft-source detector: by the mean feature of the regions, since ' +
    'no encoder of regions is trained by constants); by default the model before the run compares whole ' +
    'images and captions, the mean patches of images (soft-source tokens), or the mean of crops of images (soft-source crops), drawn ' +
    'anew at every visit. Targets have a scale of their own, since ' +
    'at the 100 of a trained CLIP they are nearly one-hot; there it is that of the model. Of the two directions of a ' +
    'divergence the mean is taken; whether the paper adds them is not clear (symmetrisation sum).',
  needs: {start: true},
  claims: ['pairs'],
  params: z
    .strictObject({
      softSource: z
        .enum(['frozen', 'tokens', 'crops', 'detector'])
        .default('frozen')
        .describe(
          'what compares images: their embedding before the run, the mean of their patch tokens, of crops’ embeddings, or of what a ' +
            'detector found (regions)',
        ),
      regions: z
        .string()
        .min(1)
        .default('none')
        .describe(
          'for soft-source detector: a file .jsonl or .safetensors with features, and tags, of every captioned image',
        ),
      crops: z
        .int()
        .min(1)
        .max(16)
        .default(5)
        .describe('crops of an image that soft-source crops takes the mean of'),
      softScale: z
        .number()
        .positive()
        .default(1 / 0.07)
        .describe('what similarities are multiplied by before the softmax that makes targets of them'),
      beta: z
        .number()
        .gt(0, {error: 'expected > 0, since targets at 0 are one-hot: for those use the method clip'})
        .max(1)
        .default(0.3)
        .describe('share of the similarities in a target, the rest is on the right caption'),
      symmetrisation: z
        .enum(['mean', 'sum', 'forward', 'js'])
        .default('mean')
        .describe('divergence: mean or sum of both KL, that from the targets alone, or Jensen-Shannon'),
      negativesWeight: z
        .number()
        .min(0)
        .default(1)
        .describe('weight of the term over the negatives alone (lambda)'),
      contrastiveWeight: z.number().min(0).default(0.5).describe('weight of the loss of CLIP (mu)'),
    })
    .refine(({softSource, regions}) => (softSource === 'detector') === (regions !== 'none'), {
      path: ['regions'],
      error: 'expected a file with soft-source detector, and none without it',
    }),
  formula: {
    pairs: {
      soft: {
        weight: 1,
        value:
          '1/2 [D(P, softmax(s I T^t)) + D(P’, softmax(s T I^t))], P = (1 - beta) diag + beta softmax(softScale I0 I0^t), ' +
          'P’ likewise of T0, D = symmetrised KL; with soft-source tokens or crops I0 are mean patch tokens or mean embeddings of crops',
      },
      negatives: {
        weight: 'negativesWeight',
        value: 'soft with beta 1, the diagonal left out and rows renormalised on both sides',
      },
      contrastive: {...supervisedFormula.contrastive, weight: 'contrastiveWeight'},
    },
  },
  sideFiles: ({regions}): Record<string, SideFile> =>
    regions === 'none' ? {} : {regions: {path: regions, of: 'paired', array: 'features'}},
  views: ({softSource, crops}) => (softSource === 'crops' ? cropViews(crops) : {}),
  objective({config, encode, start, views, sides, batch: {paired}, params}) {
    const found = sides.paired['regions'];
    const {softSource, softScale, beta, symmetrisation, negativesWeight, contrastiveWeight} = params;
    const compared = {
      frozen: () => start.images(paired.images),
      tokens: () => unitRows(tf.mean<Tensor2D>(patchTokens(config, start.imageTokens(paired.images)), 1)),
      crops: () => unitRows(tf.addN(Object.values(views.paired).map((crop) => start.images(crop)))),
      detector: () => unitRows(meanRegions(found!.values)),
    }[softSource];
    const alignment = once((): SoftAlignment => ({
      pairs: pairFeatures(encode, paired),
      scale: encode.scale,
      logSimilarity: {
        imageToText: logSelfSimilarity(compared(), softScale),
        textToImage: logSelfSimilarity(start.texts(found?.texts ?? paired.captions), softScale),
      },
    }));
    return {
      pairs: {
        soft: {weight: 1, value: () => softAlignmentLoss(alignment(), beta, symmetrisation)},
        negatives: {
          weight: negativesWeight,
          value: () => negativesAlignmentLoss(alignment(), symmetrisation),
        },
        contrastive: {...supervisedTerms(encode, paired).contrastive, weight: contrastiveWeight},
      },
      logged: {targetEntropy: () => meanTargetEntropy(alignment(), beta)},
    };
  },
});

/** The mean over the regions of an image: [n, r, w] -> [n, w]; what has one row an image stays. */
function meanRegions(features: Tensor): Tensor2D {
  return features.rank === 3 ? tf.mean<Tensor2D>(features, 1) : (features as Tensor2D);
}

/** Crops that hold a part of an image as a detector's regions do: a fifth to three fifths of its area. */
function cropViews(count: number): Record<string, View> {
  return Object.fromEntries(
    Array.from({length: count}, (_, i) => [`crop${i}`, {of: 'paired', area: [0.2, 0.6]}]),
  );
}
