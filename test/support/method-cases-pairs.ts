import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {compileStep} from '../../src/engine/compile.js';
import type {Step} from '../../src/engine/step.js';
import {crossModalConsistency, inModalConsistency} from '../../src/losses/consistency.js';
import {contrastiveLoss, type PairedFeatures} from '../../src/losses/contrastive.js';
import {oneWayContrastiveLoss} from '../../src/losses/one-way-contrastive.js';
import {
  multiPositiveTargets,
  negativesSmoothing,
  pairCosines,
  pairTargetLoss,
  targetsBothWays,
  uniformSmoothing,
} from '../../src/losses/pair-targets.js';
import {cosineShare, sharedRows} from '../../src/losses/share-schedule.js';
import {siglipLoss} from '../../src/losses/siglip.js';
import {dataSigmoidBias, optimalSigmoidBias} from '../../src/losses/siglip-bias.js';
import {replaceRows, swapped, teacherTargets} from '../../src/losses/teacher-targets.js';
import {unitRows} from '../../src/model/unit-rows.js';
import type {Matrix} from '../reference/matrix.js';
import {pairsOf, scaleOf, type Lookup, type MethodCase, type MethodCaseTest} from './method-vectors.js';

/** A loss of the pairs of a case at its scale. */
const ofPairs =
  (loss: (pairs: PairedFeatures, scale: Scalar) => Scalar) =>
  (of: Lookup): Scalar =>
    loss(pairsOf(of), scaleOf(of));

/** The same loss where every text belongs to another image. */
const hard: MethodCaseTest = ({tensor, inputs, loss}) => {
  const text_raw = tf.gather(tensor('text_raw'), inputs['text_order'] as number[]);
  loss('loss', ofPairs(contrastiveLoss), {given: {text_raw}});
};

const towards = (targets: Tensor2D) =>
  ofPairs((pairs, scale) => pairTargetLoss(pairs, scale, {imageToText: targets, textToImage: targets}));

const clip: Readonly<Record<string, MethodCaseTest>> = {
  shared_l2_normalized: ({tensor, close}) => {
    const names = [
      'image',
      'text',
      'roi',
      'tag',
      'image_view2',
      'text_view2',
      'teacher_image',
      'teacher_text',
    ];
    for (const name of names) close(`${name}_unit`, unitRows(tensor(`${name}_raw`)));
    close('logit_scale', scaleOf(tensor));
  },
  clip_infonce: ({tensor, close, loss}) => {
    const {images, texts} = pairsOf(tensor);
    const scale = scaleOf(tensor);
    close('logits_per_image', tf.mul(scale, pairCosines({images, texts}).imageToText));
    close('loss_image_to_text', oneWayContrastiveLoss(images, texts, scale));
    close('loss_text_to_image', oneWayContrastiveLoss(texts, images, scale));
    loss('loss', ofPairs(contrastiveLoss));
  },
  clip_infonce_scale100: ({loss}) => loss('loss', ofPairs(contrastiveLoss)),
  clip_infonce_hard: hard,
  clip_infonce_hard_scale100: hard,
  logit_scale_clamp: ({inputs, close}) => {
    // the loss reaches the scale with a gradient of 0, so AdamW leaves it where it is
    const step: Step = (weights) => ({
      loss: tf.mul<Scalar>(weights['logit_scale']!, 0),
      terms: {},
      state: {},
    });
    const after = (inputs['params_before'] as number[]).map((before) => {
      const compiled = compileStep(step, {
        weights: {logit_scale: {shape: [], data: Float32Array.of(before)}},
        trained: new Set(['logit_scale']),
        decayed: new Set(),
        state: {},
        optimizer: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.2},
        clamped: {logit_scale: [0, Math.log(100)]},
      });
      compiled.run({}, {learningRate: 1e-3, step: 1});
      const [held] = compiled.read('weights/logit_scale').data;
      compiled.dispose();
      return held!;
    });
    close('params_after', after);
    close('scales_after', after.map(Math.exp));
  },
  multi_positive_infonce: ({inputs, close, loss}) => {
    const ids = inputs['ids'] as number[];
    const positives = tf.tensor2d(ids.map((id) => ids.map((other) => (other === id ? 1 : 0))));
    const targets = targetsBothWays(positives, multiPositiveTargets);
    close('target', targets.imageToText);
    loss(
      'loss',
      ofPairs((pairs, scale) => pairTargetLoss(pairs, scale, targets)),
    );
  },
};

const smoothing: Readonly<Record<string, MethodCaseTest>> = {
  label_smoothed_infonce_negatives: ({number, close, loss}) => {
    const targets = negativesSmoothing(tf.eye(4), number('alpha'));
    close('target', targets);
    loss('loss', towards(targets));
  },
  label_smoothed_infonce_uniform: ({number, close, loss}) => {
    const targets = uniformSmoothing(tf.eye(4), number('alpha'));
    close('target', targets);
    loss('loss', towards(targets));
    const converted = uniformSmoothing(tf.eye(4), (number('alpha') * 4) / 3);
    loss('loss_with_alpha_converted_from_negatives', towards(converted), {gradients: 'none'});
  },
  label_smoothed_infonce_as_printed: ({number, close, loss}) => {
    // no method uses this convention, so its targets are made here
    const alpha = number('alpha');
    const targets = tf.add<Tensor2D>(tf.mul(tf.eye(4), 1 - alpha), alpha / 3);
    close('target', targets);
    close('row_sum', tf.mean(tf.sum(targets, 1)));
    loss('loss', towards(targets));
  },
  pyramidclip_total: ({number, tensor, close}) => {
    const targets = targetsBothWays(tf.eye(4), (positives) => negativesSmoothing(positives, number('alpha')));
    const term = (image: string, text: string) =>
      pairTargetLoss(pairsOf(tensor, image, text), scaleOf(tensor), targets).arraySync();
    const terms = {
      global_summary: term('image_raw', 'text_view2_raw'),
      local_text: term('image_view2_raw', 'text_raw'),
      global_tags: term('image_raw', 'tag_raw'),
      roi_summary: term('roi_raw', 'text_view2_raw'),
      local_tags: term('image_view2_raw', 'tag_raw'),
      roi_text: term('roi_raw', 'text_raw'),
    };
    const sums = {
      peer: (terms.global_summary + terms.local_text) / 2,
      cross_global: (terms.global_tags + terms.roi_summary) / 2,
      cross_local: (terms.local_tags + terms.roi_text) / 2,
    };
    for (const [name, value] of Object.entries({...terms, ...sums})) close(name, value);
    const [lambda, mu] = [number('lambda'), number('mu')];
    close('total', (1 - lambda - mu) * sums.peer + lambda * sums.cross_global + mu * sums.cross_local);
  },
};

const cyclip: Readonly<Record<string, MethodCaseTest>> = {
  cyclip_consistency: ({number, loss}) => {
    const inModal = ofPairs((pairs) => inModalConsistency(pairs));
    const crossModal = ofPairs((pairs) => crossModalConsistency(pairs));
    loss('in_modal', inModal, {gradients: 'grad_in_modal_*'});
    loss('cross_modal', crossModal, {gradients: 'grad_cross_modal_*'});
    loss('contrastive', ofPairs(contrastiveLoss), {gradients: 'none'});
    loss('total', (of) =>
      tf.addN<Scalar>([
        ofPairs(contrastiveLoss)(of),
        tf.mul<Scalar>(number('lambda_in'), inModal(of)),
        tf.mul<Scalar>(number('lambda_cross'), crossModal(of)),
      ]),
    );
  },
  cyclip_with_augmented_views: ({tensor, close}) => {
    const scale = scaleOf(tensor);
    const oneWay = (name: string) =>
      oneWayContrastiveLoss(unitRows(tensor(`${name}_raw`)), unitRows(tensor(`${name}_view2_raw`)), scale);
    const [image, text] = [oneWay('image'), oneWay('text')];
    close('in_modal_image', image);
    close('in_modal_text', text);
    const inModal = tf.mul(0.5, tf.add(image, text));
    close('contrastive', tf.mul(0.5, tf.add(contrastiveLoss(pairsOf(tensor), scale), inModal)));
  },
};

const teacherOf = ({tensor}: MethodCase) =>
  teacherTargets(
    pairsOf(tensor, 'teacher_image_raw', 'teacher_text_raw'),
    scaleOf(tensor, 'teacher_logit_scale_param'),
  );

const teachers: Readonly<Record<string, MethodCaseTest>> = {
  clip_psd_targets: (given) => {
    const {inputs, close, loss} = given;
    const teacher = teacherOf(given);
    close('teacher_image_to_text', teacher.imageToText);
    close('teacher_text_to_image', teacher.textToImage);
    const rows = tf.tensor1d(
      [0, 1, 2, 3].map((i) => Number((inputs['unaligned_rows'] as number[]).includes(i))),
    );
    const hardTargets = {imageToText: tf.eye(4), textToImage: tf.eye(4)};
    for (const [name, soft] of [
      ['direct', teacher],
      ['swapped', swapped(teacher)],
    ] as const) {
      const targets = replaceRows(hardTargets, soft, rows);
      close(`${name}_target_image_to_text`, targets.imageToText);
      close(`${name}_target_text_to_image`, targets.textToImage);
      const towardsThem = ofPairs((pairs, scale) => pairTargetLoss(pairs, scale, targets));
      loss(`${name}_loss`, towardsThem, {gradients: `grad_*_${name}`});
    }
  },
  clip_psd_self_teacher_gradient: ({gradients, close, loss}) => {
    const direct = ofPairs((pairs, scale) => pairTargetLoss(pairs, scale, teacherTargets(pairs, scale)));
    const found = gradients(['image_raw', 'text_raw', 'logit_scale_param'], direct);
    const entries = (found as number[][][]).flat(3);
    close('max_abs_grad_direct', Math.max(...entries.map(Math.abs)));
    const exchanged = ofPairs((pairs, scale) =>
      pairTargetLoss(pairs, scale, swapped(teacherTargets(pairs, scale))),
    );
    loss(null, exchanged, {gradients: 'grad_*_swapped'});
  },
  clip_psd_schedule: ({inputs, number, close}) => {
    const schedule = {start: number('start'), end: number('end')};
    const shares = (inputs['progress'] as number[]).map((progress) => cosineShare(schedule, progress));
    close('share', shares);
    close(
      'rows',
      shares.map((share) => sharedRows(share, number('batch'))),
    );
  },
  clip_similarity_distillation: (given) => {
    const targets = teacherOf(given);
    given.loss('contrastive', ofPairs(contrastiveLoss), {gradients: 'none'});
    given.loss(
      'distill',
      ofPairs((pairs, scale) => pairTargetLoss(pairs, scale, targets)),
    );
  },
};

const sigmoid: Readonly<Record<string, MethodCaseTest>> = {
  siglip: ({tensor, close, loss}) => {
    const logits = tf.mul(scaleOf(tensor, 't_param'), pairCosines(pairsOf(tensor)).imageToText);
    close('logits', tf.add(logits, tensor<Scalar>('bias')));
    loss('loss', (of) => siglipLoss(pairsOf(of), scaleOf(of, 't_param'), of<Scalar>('bias')), {
      of: ['image_raw', 'text_raw', 't_param', 'bias'],
    });
  },
  siglip_from_clip_scale: ({inputs, number, tensor, close}) => {
    const pairs = {
      logits: (inputs['cosines'] as Matrix).flat().map((cosine) => cosine * number('t')),
      positives: [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].map((j) => Number(i === j))),
    };
    // products with the identity are the cosines themselves
    const features = {images: tensor('cosines'), texts: tf.eye(4)};
    const lossAt = (bias: number) => siglipLoss(features, tf.scalar(number('t')), tf.scalar(bias));
    const [fromData, optimal] = [dataSigmoidBias(pairs, 4), optimalSigmoidBias(pairs)];
    close('loss_bias_minus10', lossAt(-10));
    close('data_bias', fromData);
    close('loss_data_bias', lossAt(fromData));
    close('optimal_bias', optimal);
    close('loss_optimal_bias', lossAt(optimal));
  },
};

/** Cases over pooled embeddings of pairs. */
export const pairCases = {...clip, ...smoothing, ...cyclip, ...teachers, ...sigmoid};
