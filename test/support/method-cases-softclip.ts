import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {contrastiveLoss} from '../../src/losses/contrastive.js';
import {divergence, type DivergenceKind} from '../../src/losses/divergence.js';
import {meanEntropy} from '../../src/losses/entropy.js';
import {pairCosines, pairTargetLoss} from '../../src/losses/pair-targets.js';
import {logSelfSimilarity, logSoftmaxOfNegatives, logSoftTargets} from '../../src/losses/self-similarity.js';
import {negativesAlignmentLoss, softAlignmentLoss, type SoftAlignment} from '../../src/losses/softclip.js';
import {unitRows} from '../../src/model/unit-rows.js';
import type {Matrix} from '../reference/matrix.js';
import {pairsOf, scaleOf, type Lookup, type MethodCase, type MethodCaseTest} from './method-vectors.js';

const exp = (logs: Tensor2D): Tensor2D => tf.exp(logs);

/** Probabilities without their diagonal, which must be exactly 0: [n, n] -> [n, n - 1]. */
function withoutDiagonal(logs: Tensor2D): Matrix {
  const rows = exp(logs).arraySync();
  return rows.map((row, i) => {
    if (row[i] !== 0) throw new Error(`expected 0 on the diagonal, got ${row[i]}`);
    return row.filter((_, j) => j !== i);
  });
}

function similarities({tensor}: MethodCase) {
  const scale = scaleOf(tensor);
  return {
    imageToText: logSelfSimilarity(unitRows(tensor('roi_raw')), scale),
    textToImage: logSelfSimilarity(unitRows(tensor('tag_raw')), scale),
  };
}

/** Logits of the pairs in both directions. */
function logitsOf(of: Lookup) {
  const {imageToText, textToImage} = pairCosines(pairsOf(of));
  const scale = scaleOf(of);
  return {i2t: tf.mul<Tensor2D>(scale, imageToText), t2i: tf.mul<Tensor2D>(scale, textToImage)};
}

/** Cases of SoftCLIP and of what is named like it. */
export const softClipCases: Readonly<Record<string, MethodCaseTest>> = {
  softclip_targets: (given) => {
    const {number, close} = given;
    const {imageToText: roi, textToImage: tag} = similarities(given);
    const beta = number('beta');
    close('self_similarity_roi', exp(roi));
    close('self_similarity_tag', exp(tag));
    close('soft_target_image_to_text', exp(logSoftTargets(roi, beta)));
    close('soft_target_text_to_image', exp(logSoftTargets(tag, beta)));
    close('disentangled_roi', withoutDiagonal(logSoftmaxOfNegatives(roi)));
    close('disentangled_tag', withoutDiagonal(logSoftmaxOfNegatives(tag)));
    close('disentangled_after_mix_roi', withoutDiagonal(logSoftmaxOfNegatives(logSoftTargets(roi, beta))));
  },
  softclip_loss: (given) => {
    const {tensor, number, close, loss} = given;
    const logSimilarity = similarities(given);
    const logits = logitsOf(tensor);
    close('prediction_image_to_text', tf.softmax(logits.i2t));
    close('prediction_text_to_image', tf.softmax(logits.t2i));
    const negatives = {i2t: logSoftmaxOfNegatives(logits.i2t), t2i: logSoftmaxOfNegatives(logits.t2i)};
    close('disentangled_prediction_image_to_text', withoutDiagonal(negatives.i2t));
    close('disentangled_prediction_text_to_image', withoutDiagonal(negatives.t2i));
    for (const [way, similarity] of [
      ['i2t', logSimilarity.imageToText],
      ['t2i', logSimilarity.textToImage],
    ] as const) {
      const [target, prediction] = [logSoftTargets(similarity, number('beta')), tf.logSoftmax(logits[way])];
      close(`soft_${way}_forward`, divergence(target, prediction));
      close(`soft_${way}_reverse`, divergence(prediction, target));
      close(`resoft_${way}_forward`, divergence(logSoftmaxOfNegatives(similarity), negatives[way]));
      close(`resoft_${way}_reverse`, divergence(negatives[way], logSoftmaxOfNegatives(similarity)));
    }
    close('clip', contrastiveLoss(pairsOf(tensor), scaleOf(tensor)));
    const total = (kind: DivergenceKind) => (of: Lookup) => {
      const [pairs, scale] = [pairsOf(of), scaleOf(of)];
      const alignment: SoftAlignment = {pairs, scale, logSimilarity};
      return tf.addN<Scalar>([
        softAlignmentLoss(alignment, number('beta'), kind),
        tf.mul<Scalar>(number('lambda'), negativesAlignmentLoss(alignment, kind)),
        tf.mul<Scalar>(number('mu'), contrastiveLoss(pairs, scale)),
      ]);
    };
    loss('total_asymmetric', total('forward'), {gradients: 'none'});
    loss('total_symmetric_half', total('mean'), {gradients: 'grad_*_of_total_symmetric_half'});
    loss('total_symmetric_sum', total('sum'), {gradients: 'none'});
  },
  softclip_self_targets_collapse: ({tensor, close}) => {
    const {images, texts} = pairsOf(tensor);
    const scale = scaleOf(tensor);
    const prediction = logitsOf(tensor).i2t;
    close(
      'kl_image_self_similarity_vs_prediction',
      divergence(logSelfSimilarity(images, scale), tf.logSoftmax(prediction)),
    );
    close('infonce', contrastiveLoss({images, texts}, scale));
    close('ln_n', meanEntropy(tf.softmax(prediction)));
  },
  softclip_mindeye_variant: ({tensor, number, close}) => {
    // another loss of the same name: the pieces are ours, no method is made of them
    const {images, texts} = pairsOf(tensor);
    const scale = tf.scalar(1 / number('temperature'));
    const targets = exp(logSelfSimilarity(texts, scale));
    close('loss', pairTargetLoss({images, texts}, scale, {imageToText: targets, textToImage: targets}));
  },
  jensen_shannon: (given) => {
    const {tensor, number, close} = given;
    const {imageToText: roi} = similarities(given);
    const {i2t} = logitsOf(tensor);
    close('js_soft_i2t', divergence(logSoftTargets(roi, number('beta')), tf.logSoftmax(i2t), 'js'));
    close('js_resoft_i2t', divergence(logSoftmaxOfNegatives(roi), logSoftmaxOfNegatives(i2t), 'js'));
  },
};
