import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {conceptTargets, pseudoConcepts} from '../losses/concept-targets.js';
import {crossModalConsistency, inModalConsistency} from '../losses/consistency.js';
import {constant} from '../losses/constant.js';
import type {PairedFeatures} from '../losses/contrastive.js';
import {softCrossEntropy} from '../losses/soft-cross-entropy.js';
import {topEntries} from '../losses/top-entries.js';
import {topRows} from '../losses/top-rows.js';
import {strongView, strongViewDraws} from '../model/strong-view.js';
import type {TokenTensors} from '../model/text-tower.js';
import {defineMethod, type Encoders} from './contract/method.js';
import {once} from './contract/once.js';
import {pairFeatures} from './contract/pair-features.js';
import {madeCaptions} from './shared/made-captions.js';

/** SemiCLIP: images without captions get the concepts of the captions, and captions that are made of them. */
export default defineMethod({
  name: 'semiclip',
  summary: 'Learns concepts from captions first, then makes captions of them for uncaptioned images.',
  cites: [
    {
      paper: 'openreview:97D725GJtQ',
      title: 'Semi-Supervised CLIP Adaptation by Enforcing Semantic and Trapezoidal Consistency',
      code: 'https://github.com/Gank0078/SemiCLIP',
    },
  ],
  differs:
    'Both stages are one run under one schedule of rates, and the second gives images the concepts that the model finds ' +
    'now; there it starts anew, from what the first has ended with and found. Concepts are the keywords of the run; there ' +
    'the frequent nouns of the captions, each one token. The strong view is a mirrored image of another brightness, ' +
    'contrast and saturation, at times grey; there any two of the operations of RandAugment. At least one image of a ' +
    'batch is kept. The concepts and learned words are not part of the CLIP that is saved.',
  needs: {unpaired: 'images', keywords: true},
  claims: ['pseudo-labels'],
  params: z.strictObject({
    stageShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.625)
      .describe('share of the steps that learns concepts from captions, before uncaptioned images come in'),
    conceptWeight: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the concepts of captions, in the first stage'),
    pseudoWeight: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the concepts of uncaptioned images, in the second stage'),
    inModalWeight: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the consistency within each modality, in the second stage'),
    crossModalWeight: z
      .number()
      .min(0)
      .default(1)
      .describe('weight of the consistency across modalities, in the second stage'),
    pseudoConcepts: z.int().min(1).max(100).default(3).describe('concepts that an uncaptioned image gets'),
    captionConcepts: z.int().min(1).max(16).default(4).describe('concepts that a made caption names'),
    learnedWords: z
      .int()
      .min(1)
      .max(16)
      .default(3)
      .describe('learned words in front of each concept of a made caption'),
    keepShare: z
      .number()
      .gt(0)
      .max(1)
      .default(0.3)
      .describe(
        'share of the uncaptioned images of a batch, those that fit their made captions best, for consistency',
      ),
    strength: z
      .number()
      .min(0)
      .lt(1)
      .default(0.3)
      .describe('how far brightness, contrast and saturation of the strong view may change'),
  }),
  formula: {
    terms: {
      concept: {
        weight: 'conceptWeight',
        value:
          'SCE(c I E^t, P), E = learned concepts, c = a learned scale, P = the keywords of each caption, evenly',
      },
      pseudo: {
        weight: 'pseudoWeight',
        value: 'SCE(c Q’ E^t, P’), Q’ = Q of strong views, P’ = the pseudoConcepts largest of Q E^t, evenly',
      },
      inModal: {
        weight: 'inModalWeight',
        value:
          'b/n^2 sum_ij (X_i . X_j - Y_i . Y_j)^2, X = I and kept Q, Y = T and their made captions, n of them, b pairs',
      },
      crossModal: {weight: 'crossModalWeight', value: 'b/n^2 sum_ij (X_i . Y_j - X_j . Y_i)^2'},
    },
  },
  phrases: () => ({concept: 'a photo includes {}.'}),
  extras({config, params, sizes}) {
    if (sizes.keywords === 0) return {};
    return {
      concepts: {shape: [sizes.keywords, config.embedDim], initial: {kind: 'constant', value: 0}},
      concept_logit_scale: {shape: [], initial: {kind: 'constant', value: Math.log(1 / 0.07)}},
      learned: {
        shape: [params.captionConcepts * params.learnedWords, config.text.width],
        initial: {kind: 'normal', deviation: 0.02},
      },
    };
  },
  calibrate({encode, extras, phrases, weights, params}) {
    const {concept} = phrases;
    if (concept === undefined) return {};
    const concepts = encode.texts(concept);
    return {
      concepts: {shape: concepts.shape, data: concepts.dataSync<'float32'>()},
      concept_logit_scale: {shape: [], data: weights['logit_scale']!.dataSync<'float32'>()},
      learned: {
        shape: extras['learned']!.shape,
        data: firstWords(encode, concept, params).dataSync<'float32'>(),
      },
    };
  },
  schedule({step, steps}, {stageShare, conceptWeight, pseudoWeight, inModalWeight, crossModalWeight}) {
    const isFirst = step < Math.round(stageShare * steps);
    const second = (weight: number) => (isFirst ? 0 : weight);
    return {
      conceptWeight: isFirst ? conceptWeight : 0,
      pseudoWeight: second(pseudoWeight),
      inModalWeight: second(inModalWeight),
      crossModalWeight: second(crossModalWeight),
    };
  },
  draws: ({sizes}) => (sizes.unpaired > 0 ? {strong: [sizes.unpaired, strongViewDraws]} : {}),
  objective({config, encode, extras, scalars, draws, batch: {paired, unpaired, keywords}, params}) {
    const concepts = extras['concepts'] as Tensor2D | undefined;
    if (keywords === null || concepts === undefined) return {};
    const scale = once((): Scalar => tf.exp(extras['concept_logit_scale'] as Scalar));
    const pairs = () => pairFeatures(encode, paired);
    const conceptLogits = (images: Tensor2D): Tensor2D =>
      tf.mul(scale(), tf.matMul<Tensor2D>(images, concepts, false, true));
    const weight = (name: WeightName, isUsed: boolean) =>
      params[name] === 0 || !isUsed ? 0 : scalars[name]!;
    const concept = () => softCrossEntropy(conceptLogits(pairs().images), conceptTargets(keywords.labels));
    const terms = {concept: {weight: weight('conceptWeight', params.stageShare > 0), value: concept}};
    if (unpaired === null) return {terms};
    const strong = once(() => {
      const {strength} = params;
      const {preprocess} = config;
      return encode.images(
        constant(() => strongView(unpaired.images, draws['strong'] as Tensor2D, {strength, preprocess})),
      );
    });
    const weak = () => encode.images(unpaired.images);
    const scores = once(() => {
      const rows = weak(); // not within: what is computed in there has no gradient for anyone
      return constant(() => tf.matMul<Tensor2D>(rows, concepts, false, true));
    });
    const known = concepts.shape[0];
    const pseudo = () => {
      const targets = pseudoConcepts(scores(), Math.min(params.pseudoConcepts, known));
      return softCrossEntropy(conceptLogits(strong()), targets);
    };
    const trapezoid = once((): PairedFeatures => {
      const found = weak();
      const count = Math.min(params.captionConcepts, known);
      const made = encode.wordRows(
        madeCaptions(encode, config.text, {
          picks: topEntries(scores(), count),
          keywords: keywords.tokens,
          learned: tf.slice(extras['learned'] as Tensor2D, 0, count * params.learnedWords),
        }),
      );
      const fit = constant(() => tf.sum<Tensor1D>(tf.mul(found, made), 1));
      const kept = topRows(fit, keptCount(params.keepShare, unpaired.images.shape[0]));
      const {images, texts} = pairs();
      return {
        images: tf.concat2d([images, tf.matMul<Tensor2D>(kept, found)], 0),
        texts: tf.concat2d([texts, tf.matMul<Tensor2D>(kept, made)], 0),
      };
    });
    const b = paired.images.shape[0];
    const second = params.stageShare < 1;
    return {
      terms: {
        ...terms,
        pseudo: {weight: weight('pseudoWeight', second), value: pseudo},
        inModal: {weight: weight('inModalWeight', second), value: () => inModalConsistency(trapezoid(), b)},
        crossModal: {
          weight: weight('crossModalWeight', second),
          value: () => crossModalConsistency(trapezoid(), b),
        },
      },
    };
  },
});

type WeightName = 'conceptWeight' | 'pseudoWeight' | 'inModalWeight' | 'crossModalWeight';

/** 0.3 of 10 is 3. */
const rounding = 1e-9;

/** Images of u that are kept: at least one. */
function keptCount(share: number, u: number): number {
  return Math.max(1, Math.floor(share * u + rounding));
}

/** The embeddings of the first words of a sentence, as often as concepts are named: [m * l, w]. */
function firstWords(
  encode: Encoders,
  {ids}: TokenTensors,
  {captionConcepts, learnedWords}: {readonly captionConcepts: number; readonly learnedWords: number},
): Tensor2D {
  // a sentence that is shorter repeats its last word
  const places = Array.from({length: learnedWords}, (_, i) => Math.min(1 + i, ids.shape[1] - 1));
  const first = encode.words(tf.gather(tf.slice(ids, [0, 0], [1, ids.shape[1]]), places, 1));
  return tf.tile(tf.reshape<tf.Rank.R2>(first, [learnedWords, -1]), [captionConcepts, 1]);
}
