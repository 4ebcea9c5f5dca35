import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {contrastiveLoss} from '../losses/contrastive.js';
import {maskedTokenLoss} from '../losses/masked-token.js';
import {nearestNeighbours} from '../losses/nearest-neighbour.js';
import {oneWayContrastiveLoss} from '../losses/one-way-contrastive.js';
import {outputSpread, simSiamLoss} from '../losses/simsiam.js';
import {affine} from '../model/layers/linear.js';
import {defineMethod} from './contract/method.js';
import {once} from './contract/once.js';
import {bankFor, emptyBank, nextBank} from './shared/caption-bank.js';
import {maskDraws, maskWords} from './shared/masked-words.js';
import {siameseViews, siameseWeights} from './shared/siamese-head.js';

/** The second view: as much of an image as SimSiam takes of one. */
const second = {of: 'all', area: [0.2, 1]} as const;

/** A projector of this many times the width of an embedding: 1,024 for 512, as published. */
const widening = 2;

/** The most of the captions that the bank holds, so that not every neighbour is an old self. */
const bankShare = 0.8;

/** DeCLIP: several views of every pair, neighbours of its caption, and self-supervision of each tower. */
export default defineMethod({
  name: 'declip',
  summary: 'Learns from views and reworded captions, similar captions, and each modality by itself.',
  cites: [
    {
      paper: 'arXiv:2110.05208',
      title:
        'Supervision Exists Everywhere: A Data Efficient Contrastive Language-Image Pre-training Paradigm',
      equations: 'section 3',
      code: 'https://github.com/Sense-GVT/DeCLIP',
    },
  ],
  differs:
    'Weights as in the released code. Views are crops alone, without changes of colour, since colours are words of many ' +
    'captions. Captions are reworded by exchanging, leaving out and repeating words: the synonyms of EDA need a ' +
    'dictionary. SimSiam sees images without captions, too. Its batch norm knows the statistics of a batch only, and ' +
    'its projector, twice as wide as the embedding, starts from embeddings of unit length. The bank holds at most ' +
    '80 % of the captions, and the captions of an image, and equal ones, are no neighbours; there a neighbour may be the ' +
    'caption itself. The head for masked words starts as the embedding of the words. The text tower is causal: a ' +
    'masked word is guessed from those before it. The heads are not part of the CLIP that is saved.',
  needs: {unpaired: 'images', origins: true, rewritten: true},
  claims: ['pairs'],
  params: z.strictObject({
    multiView: z
      .enum(['on', 'off'])
      .default('on')
      .describe('whether pairs are also seen in a second crop, and read reworded'),
    contrastiveWeight: z
      .number()
      .min(0)
      .default(0.4)
      .describe('weight of the mean loss of CLIP over all views'),
    neighbourWeight: z
      .number()
      .min(0)
      .default(0.2)
      .describe('weight of the term with similar captions in the place of the own one; 0 keeps no bank'),
    siameseWeight: z
      .number()
      .min(0)
      .default(0.2)
      .describe('weight of the likeness of two crops of an image, captioned or not (SimSiam)'),
    maskedWeight: z.number().min(0).default(0.2).describe('weight of the guesses of masked words'),
    bank: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(65_536)
      .describe('captions to look for similar ones in, at most'),
    maskShare: z
      .number()
      .gt(0)
      .max(0.5)
      .default(0.15)
      .describe('share of the words of a caption to be guessed'),
  }),
  formula: {
    pairs: {
      contrastive: {
        weight: 'contrastiveWeight',
        value:
          'mean over crops I and captions T as written and reworded of 1/2 [CE(s I T^t, diag) + CE(s T I^t, diag)]',
      },
    },
    terms: {
      neighbour: {
        weight: 'neighbourWeight',
        value:
          'mean over the same of CE(s I N^t, diag), N = the caption of other pairs before that is nearest to T',
      },
      siamese: {
        weight: 'siameseWeight',
        value:
          '-1/2 mean [cos(h(z), z’) + cos(h(z’), z)], z and z’ = projections of two crops of all images, h predicts',
      },
      masked: {
        weight: 'maskedWeight',
        value:
          'mean over masked words of -log softmax(V t)_w, t = the token behind the last norm, V is learned',
      },
    },
  },
  extras({config, params}) {
    const {vocabSize, width} = config.text;
    const zero = {kind: 'constant', value: 0} as const;
    return {
      ...(params.siameseWeight > 0 && siameseWeights(config.embedDim, widening * config.embedDim)),
      ...(params.maskedWeight > 0 && {
        mask_embedding: {shape: [width], initial: {kind: 'normal', deviation: 0.02}},
        'vocabulary.weight': {shape: [vocabSize, width], initial: zero},
        'vocabulary.bias': {shape: [vocabSize], initial: zero},
      }),
    };
  },
  calibrate({weights, params}) {
    if (params.maskedWeight === 0) return {};
    const words = weights['token_embedding.weight']!;
    return {'vocabulary.weight': {shape: words.shape, data: words.dataSync<'float32'>()}};
  },
  state({config, params, sizes}) {
    if (params.neighbourWeight === 0) return {};
    const held = Math.min(params.bank, Math.floor(bankShare * sizes.captioned));
    return emptyBank(Math.max(1, held), config.embedDim);
  },
  views: ({multiView, siameseWeight}) => (multiView === 'on' || siameseWeight > 0 ? {second} : {}),
  draws: ({config, params, sizes}) => (params.maskedWeight > 0 ? maskDraws(config, sizes.paired) : {}),
  objective({config, encode, extras, state, views, draws, batch, params}) {
    const {paired, unpaired, origins, rewritten} = batch;
    const own = () => encode.texts(paired.captions);
    const combinations = once(() => {
      const isMany = params.multiView === 'on';
      const images = [paired.images, ...(isMany ? [views.paired['second']!] : [])].map((all) =>
        encode.images(all),
      );
      const texts = [paired.captions, ...(isMany ? [rewritten] : [])].map((all) => encode.texts(all));
      return images.flatMap((view) => texts.map((text) => ({images: view, texts: text})));
    });
    const contrastive = () => mean(combinations().map((pairs) => contrastiveLoss(pairs, encode.scale)));
    const neighbour = () => {
      const bank = bankFor(origins, state);
      return mean(
        combinations().map(({images, texts}) =>
          oneWayContrastiveLoss(images, nearestNeighbours(texts, bank), encode.scale),
        ),
      );
    };
    const siamese = once(() => {
      const all = (first: tf.Tensor4D, others: tf.Tensor4D | undefined): Tensor2D =>
        tf.concat2d(
          [first, ...(others ? [others] : [])].map((view) => encode.images(view)),
          0,
        );
      return siameseViews(
        [all(paired.images, unpaired?.images), all(views.paired['second']!, views.unpaired['second'])],
        extras,
      );
    });
    const masked = () => {
      const {ids, hidden, places, labels} = maskWords(paired.captions, draws, {
        text: config.text,
        share: params.maskShare,
      });
      const column = tf.expandDims(hidden, 2); // [n, t, 1]
      const words = tf.add<tf.Tensor3D>(
        tf.mul(encode.words(ids), tf.sub(1, column)),
        tf.mul(column, extras['mask_embedding']!),
      );
      const tokens = encode.wordRowTokens({words, end: paired.captions.end});
      const asked = tf.reshape<tf.Rank.R2>(tf.matMul(places, tokens), [labels.size, tokens.shape[2]]);
      const vocabulary = extras['vocabulary.weight'] as Tensor2D;
      return maskedTokenLoss(affine(asked, vocabulary, extras['vocabulary.bias'] as Tensor1D), labels);
    };
    return {
      pairs: {contrastive: {weight: params.contrastiveWeight, value: contrastive}},
      terms: {
        neighbour: {weight: params.neighbourWeight, value: neighbour},
        siamese: {weight: params.siameseWeight, value: () => simSiamLoss(siamese())},
        masked: {weight: params.maskedWeight, value: masked},
      },
      ...(params.siameseWeight > 0 && {
        logged: {projectionSpread: () => outputSpread(siamese().projections[0])},
      }),
      ...(params.neighbourWeight > 0 && {state: nextBank(own, origins, state)}),
    };
  },
});

function mean(losses: readonly Scalar[]): Scalar {
  return tf.div(tf.addN([...losses]), losses.length);
}
