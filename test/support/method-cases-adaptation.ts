import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D} from '@tensorflow/tfjs-core';
import {anchorPenalty} from '../../src/losses/anchor-penalty.js';
import {conceptTargets, pseudoConcepts} from '../../src/losses/concept-targets.js';
import {crossModalConsistency, inModalConsistency} from '../../src/losses/consistency.js';
import {contrastiveLoss} from '../../src/losses/contrastive.js';
import {lpPlusPlusLogits, tipAdapterLogits} from '../../src/losses/few-shot-logits.js';
import {nearestNeighbours} from '../../src/losses/nearest-neighbour.js';
import {ntXentLoss} from '../../src/losses/nt-xent.js';
import {oneWayContrastiveLoss} from '../../src/losses/one-way-contrastive.js';
import {simSiamLoss} from '../../src/losses/simsiam.js';
import {softCrossEntropy} from '../../src/losses/soft-cross-entropy.js';
import {topEntries} from '../../src/losses/top-entries.js';
import {attentionDistance, patchDistance} from '../../src/model/diagnostics/attention-distance.js';
import type {AttentionMaps} from '../../src/model/diagnostics/attention-maps.js';
import {filterNormalised} from '../../src/model/diagnostics/filter-normalised.js';
import {headSimilarity} from '../../src/model/diagnostics/head-diversity.js';
import {translationConsistency} from '../../src/model/diagnostics/translation-consistency.js';
import {emaUpdate} from '../../src/model/ema-update.js';
import {loraScale, lowRankUpdate} from '../../src/model/low-rank.js';
import {unitRows} from '../../src/model/unit-rows.js';
import {averageWeights} from '../../src/model/weight-average.js';
import type {Matrix} from '../reference/matrix.js';
import {pairsOf, scaleOf, type MethodCase, type MethodCaseTest} from './method-vectors.js';

const selfSupervision: Readonly<Record<string, MethodCaseTest>> = {
  slip_simclr: ({number, loss}) =>
    loss(
      'loss',
      (of) => ntXentLoss(unitRows(of('image_raw')), unitRows(of('image_view2_raw')), number('temperature')),
      {of: ['image_raw', 'image_view2_raw']},
    ),
  declip_simsiam: ({loss}) =>
    loss(
      'loss',
      (of) =>
        simSiamLoss({
          predictions: [unitRows(of('p1')), unitRows(of('p2'))],
          projections: [unitRows(of('z1')), unitRows(of('z2'))],
        }),
      {of: ['p1']},
    ),
  declip_nearest_neighbour: ({tensor, close}) => {
    const {images, texts} = pairsOf(tensor);
    const bank = unitRows(tensor('bank_raw'));
    const neighbours = nearestNeighbours(texts, {rows: bank, excluded: tf.zeros([4, 5])});
    close('neighbour_index', tf.argMax(tf.matMul(neighbours, bank, false, true), 1));
    close('loss_image_to_neighbour', oneWayContrastiveLoss(images, neighbours, scaleOf(tensor)));
  },
  declip_weights: ({tensor, close}) => {
    const views = ['text_raw', 'text_view2_raw'].flatMap((text) =>
      ['image_raw', 'image_view2_raw'].map((image) =>
        contrastiveLoss(pairsOf(tensor, image, text), scaleOf(tensor)).arraySync(),
      ),
    );
    close('multi_view_infonce', views);
    close('mean', views.reduce((sum, view) => sum + view, 0) / views.length);
  },
};

const semiClip: Readonly<Record<string, MethodCaseTest>> = {
  semiclip_concept_loss: ({tensor, number, close, loss}) => {
    const targets = conceptTargets(tensor('multi_hot'));
    close('target', targets);
    loss(
      'loss',
      (of) => {
        const products = tf.matMul(unitRows(of('image_raw')), of('concepts'), false, true);
        return softCrossEntropy(tf.mul(number('scale'), products), targets);
      },
      {of: ['concepts']},
    );
  },
  semiclip_pseudo_concepts: ({tensor, number, close}) => {
    const scores = tensor('weak_scores');
    const targets = pseudoConcepts(scores, number('k'));
    close('kept', tf.argMax(topEntries(scores, number('k')), 2));
    close('target', targets);
    close('loss', softCrossEntropy(tensor('strong_logits'), targets));
  },
  semiclip_trapezoid: ({tensor, close}) => {
    const kept = pairsOf(tensor, 'kept_image_raw', 'surrogate_text_raw');
    const {images, texts} = pairsOf(tensor);
    const joined = {
      images: tf.concat2d([images, kept.images], 0),
      texts: tf.concat2d([texts, kept.texts], 0),
    };
    close('in_modal', inModalConsistency(joined, images.shape[0]));
    close('cross_modal', crossModalConsistency(joined, images.shape[0]));
  },
};

const fewShot: Readonly<Record<string, MethodCaseTest>> = {
  tip_adapter: ({tensor, number, close}) => {
    const features = tensor('features');
    const cache = {keys: tensor('keys'), values: tensor('values')};
    const zeroShot = tf.mul(100, tf.matMul(features, tensor('class_weights'), false, true));
    const logits = (alpha: number, beta: number) =>
      tf.add(zeroShot, tipAdapterLogits(features, cache, {alpha, beta}));
    close('affinity', tf.matMul(features, cache.keys, false, true));
    close('logits', logits(number('alpha'), number('beta')));
    close('logits_beta5.5_alpha1', logits(1, 5.5));
  },
  prolip: ({tensor, inputs, number, close}) => {
    const projected = unitRows(tf.matMul(tensor('pre_projection'), tensor('projection')));
    const logits = tf.mul<tf.Tensor2D>(100, tf.matMul(projected, tensor('class_weights'), false, true));
    const labels = inputs['labels'] as number[];
    const targets = tf.tensor2d(labels.map((label) => [0, 1].map((c) => Number(c === label))));
    const crossEntropy = softCrossEntropy(logits, targets);
    const penalty = anchorPenalty(tensor('projection'), tensor('projection_initial'));
    close('cross_entropy', crossEntropy);
    close('penalty', penalty);
    close('loss', tf.add(crossEntropy, tf.mul(number('lambda'), penalty)));
  },
  lp_plus_plus: ({tensor, close}) => {
    const probe = {weights: tensor('w'), bias: tf.zeros<tf.Rank.R1>([2]), blend: tensor<Tensor1D>('alpha')};
    close('logits', lpPlusPlusLogits(tensor('features'), tensor('class_weights'), probe));
  },
};

const weights: Readonly<Record<string, MethodCaseTest>> = {
  wise_ft: ({inputs, close}) => {
    const held = (name: string) => ({w: {shape: [3], data: Float32Array.from(inputs[name] as number[])}});
    const merged = (inputs['alphas'] as number[]).map((share) =>
      Array.from(averageWeights(held('zero_shot'), held('fine_tuned'), share)['w']!.data),
    );
    close('merged', merged);
  },
  lora_merge: ({tensor, number, close}) => {
    const factors = {down: tensor('A'), up: tensor('B')};
    const merged = (scaling: 'rank' | 'root') =>
      tf.add(tensor('W'), lowRankUpdate(factors, loraScale(number('alpha'), number('r'), scaling)));
    close('merged_standard', merged('rank'));
    close('merged_clip_lora', merged('root'));
  },
  ema_update: ({tensor, number, close}) => {
    const next = emaUpdate(
      {w: tensor<Scalar>('teacher')},
      {w: tensor<Scalar>('student')},
      number('momentum'),
    );
    close('teacher_after', next['w']!);
  },
};

function mapsOf({inputs}: MethodCase): AttentionMaps {
  const maps = inputs['attention'] as number[][][];
  return {heads: maps.length, tokens: maps[0]!.length, weights: maps.flat(2)};
}

function gridOf({inputs}: MethodCase) {
  const [rows, columns] = inputs['grid'] as [number, number];
  return {rows, columns};
}

const diagnostics: Readonly<Record<string, MethodCaseTest>> = {
  diag_head_diversity: (given) => {
    const {flattened, perQuery} = headSimilarity(mapsOf(given));
    given.close('flattened', flattened);
    given.close('per_query', perQuery);
  },
  diag_attention_distance: (given) => {
    const [grid, patchSize] = [gridOf(given), given.number('patch_size')];
    const patches = Array.from({length: grid.rows * grid.columns}, (_, i) => i);
    given.close(
      'distance_matrix',
      patches.map((a) => patches.map((b) => patchSize * patchDistance(grid, a, b))),
    );
    given.close('per_head', attentionDistance(mapsOf(given), {grid, patchSize}));
  },
  diag_loss_landscape_direction: ({inputs, close}) => {
    const [weight, direction] = ['weights', 'direction'].map((name) => (inputs[name] as Matrix).flat());
    const held = {shape: [2, 2], data: Float32Array.from(weight!)};
    close('normalised_direction', filterNormalised(direction!, held, 0));
  },
  diag_translation_consistency: (given) =>
    given.close('per_head', translationConsistency(mapsOf(given), gridOf(given))),
};

/** Cases of self-supervision, of SemiCLIP, of few-shot methods, of weights, and of the diagnostics. */
export const adaptationCases = {
  ...selfSupervision,
  ...semiClip,
  ...fewShot,
  ...weights,
  ...diagnostics,
};
