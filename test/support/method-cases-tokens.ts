import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {smoothL1, whiten} from '../../src/losses/feature-distillation.js';
import {lateInteraction, lateInteractionLoss, promptEnsemble} from '../../src/losses/late-interaction.js';
import type {TokenFeatures} from '../../src/losses/late-interaction.js';
import {maskedTokenLoss} from '../../src/losses/masked-token.js';
import {softCrossEntropy} from '../../src/losses/soft-cross-entropy.js';
import {keepTokens, tokenScores} from '../../src/losses/token-selection.js';
import {topEntries} from '../../src/losses/top-entries.js';
import {dropPathRates, layerDecayMultipliers} from '../../src/model/depth-schedule.js';
import {layerNorm} from '../../src/model/layers/layer-norm.js';
import {affine} from '../../src/model/layers/linear.js';
import {relativePositionIndex, relativePositionRows} from '../../src/model/relative-position.js';
import {unitRows} from '../../src/model/unit-rows.js';
import {softCrossEntropyRows} from '../reference/contrastive.js';
import type {Matrix} from '../reference/matrix.js';
import {readMethodVectors, scaleOf, unitTokens, type Lookup, type MethodCaseTest} from './method-vectors.js';

function tokensOf(of: Lookup, mask?: Tensor2D): TokenFeatures {
  const texts = unitTokens(of<Tensor3D>('text_tokens_raw'));
  return {
    images: unitTokens(of<Tensor3D>('image_tokens_raw')),
    texts,
    textMask: mask ?? of('text_mask'),
  };
}

/** Indices of one-hot rows. */
const indices = (oneHot: Tensor): Tensor => tf.argMax(oneHot, -1);

const first = (x: Tensor3D, i: number): Tensor2D => tf.reshape(tf.slice(x, i, 1), [x.shape[1], x.shape[2]]);

const filip: Readonly<Record<string, MethodCaseTest>> = {
  filip_similarity: ({tensor, close}) => {
    const tokens = tokensOf(tensor);
    const {imageToText, textToImage} = lateInteraction(tokens);
    close('image_to_text', imageToText);
    close('text_to_image', tf.transpose(textToImage));
    const cosines = tf.matMul(first(tokens.images, 0), first(tokens.texts, 1), false, true);
    const valid = tf.slice(cosines, [0, 0], [-1, 3]);
    close('token_similarity_image0_text1', cosines);
    close('best_text_token_for_image0_text1', tf.argMax(valid, 1));
    close('best_image_token_for_image0_text1_valid', tf.argMax(valid, 0));
  },
  filip_loss: ({tensor, close, loss}) => {
    const {imageToText, textToImage} = lateInteraction(tokensOf(tensor));
    const scale = scaleOf(tensor);
    close('loss_image_to_text', softCrossEntropy(tf.mul(scale, imageToText), tf.eye(3)));
    close('loss_text_to_image', softCrossEntropy(tf.mul(scale, textToImage), tf.eye(3)));
    loss('loss', (of) => lateInteractionLoss(tokensOf(of), scaleOf(of)), {
      of: ['image_tokens_raw', 'text_tokens_raw', 'logit_scale_param'],
    });
  },
  filip_loss_without_mask: ({tensor, close}) => {
    const tokens = tokensOf(tensor, tf.ones([3, 5]));
    const {imageToText, textToImage} = lateInteraction(tokens);
    close('image_to_text', imageToText);
    close('text_to_image', tf.transpose(textToImage));
    close('loss', lateInteractionLoss(tokens, scaleOf(tensor)));
  },
  filip_token_selection: ({tensor, number, close}) => {
    const {images, texts, textMask} = tokensOf(tensor);
    const imageTokens = {tokens: images, mask: tf.ones<tf.Rank.R2>([2, 8])};
    const textTokens = {tokens: texts, mask: textMask};
    const scores = {image: tokenScores(images, textTokens), text: tokenScores(texts, imageTokens)};
    const valid = (rows: Tensor2D) => [rows.arraySync()[0]!, rows.arraySync()[1]!.slice(0, 3)];
    close('image_scores', scores.image);
    close('text_scores_valid', valid(scores.text));
    const padding = tf.mul(tf.sub(textMask, 1), 10);
    close('kept_image_tokens', indices(topEntries(scores.image, 2)));
    close('kept_text_tokens', indices(topEntries(tf.add(scores.text, padding), 1)));
    const kept = {
      images: keepTokens(imageTokens, scores.image, number('fraction')),
      texts: keepTokens(textTokens, scores.text, number('fraction')),
    };
    const {imageToText, textToImage} = lateInteraction({
      images: kept.images.tokens,
      texts: kept.texts.tokens,
      textMask: kept.texts.mask,
    });
    close('image_to_text_after_selection', imageToText);
    close('text_to_image_after_selection', tf.transpose(textToImage));
    // the toolkit's rule, which no method uses: the sum of the cosines with the tokens of one's own pair
    const cosines = tf.mul(tf.matMul(images, texts, false, true), tf.reshape(textMask, [2, 1, 4])); // [2, 8, 4]
    const sums = {image: tf.sum<Tensor2D>(cosines, 2), text: tf.sum<Tensor2D>(cosines, 1)};
    close('toolkit_kept_image_tokens', indices(topEntries(sums.image, number('toolkit_k'))));
    close('toolkit_kept_text_tokens', indices(topEntries(sums.text, number('toolkit_k'))));
  },
  filip_prompt_ensemble: ({inputs, close}) => {
    const {inputs: tokens} = readMethodVectors().get('filip_similarity')!;
    const of: Lookup = <T extends Tensor>(name: string): T => tf.tensor(tokens[name] as number[]) as T;
    const {imageToText} = lateInteraction(tokensOf(of));
    close('class_scores', promptEnsemble(imageToText, inputs['groups'] as number[][]));
  },
  colbert_maxsim: ({tensor, close}) => {
    const [query, document] = [unitRows(tensor('query_raw')), unitRows(tensor('document_raw'))];
    const mask: Tensor2D = tf.reshape(tensor<Tensor1D>('document_mask'), [1, 4]);
    const tokens = {
      images: tf.reshape<tf.Rank.R3>(query, [1, 3, 2]),
      texts: tf.reshape<tf.Rank.R3>(document, [1, 4, 2]),
      textMask: mask,
    };
    const cosines = tf.matMul(query, document, false, true);
    close('similarity', cosines);
    close('score', tf.squeeze(lateInteraction(tokens, 'sum').imageToText));
    close('filip_style_mean', tf.squeeze(lateInteraction(tokens).imageToText));
  },
};

const distillation: Readonly<Record<string, MethodCaseTest>> = {
  fd_whitening: ({tensor, number, close}) => {
    const tokens = tensor('teacher_tokens');
    const epsilon = number('eps');
    const norm = new Map<string, Tensor>([
      ['ln_post.weight', tensor('ln_post_scale')],
      ['ln_post.bias', tensor('ln_post_shift')],
    ]);
    const normed = layerNorm(
      tokens,
      <T extends Tensor>(name: string) => norm.get(name) as T,
      'ln_post',
      epsilon,
    );
    close('whitened_raw', whiten(tokens, epsilon));
    close('after_ln_post', normed);
    close('whitened_after_ln_post', whiten(normed, epsilon));
  },
  fd_loss: ({tensor, number, close, loss}) => {
    const predictionOf = (of: Lookup) =>
      affine(of('student_tokens'), of('projector_weight'), of<Tensor1D>('projector_bias'));
    const beta = number('beta');
    const [prediction, target] = [predictionOf(tensor), tensor('target')];
    const [predicted, wanted] = [prediction.arraySync(), target.arraySync()];
    close('prediction', prediction);
    close('difference', tf.sub(prediction, target));
    close(
      'elementwise',
      predicted.map((row, i) =>
        row.map((value, j) =>
          smoothL1(tf.tensor1d([value]), tf.tensor1d([wanted[i]![j]!]), {beta}).arraySync(),
        ),
      ),
    );
    loss('loss', (of) => smoothL1(predictionOf(of), target, {beta}), {
      of: ['student_tokens', 'projector_weight', 'projector_bias'],
    });
    close('huber_delta2_mean', tf.mul(beta, smoothL1(prediction, target, {beta})));
  },
  fd_relative_position_index: ({inputs, close}) => {
    const grids = (inputs['grids'] as [number, number][]).map(([rows, columns]) => ({rows, columns}));
    for (const grid of grids) {
      const name = `${grid.rows}x${grid.columns}`;
      close(`table_rows_${name}`, relativePositionRows(grid));
      close(`index_${name}`, relativePositionIndex(grid));
    }
    for (const side of [7, 14]) {
      close(`table_rows_${side}x${side}`, relativePositionRows({rows: side, columns: side}));
    }
  },
  fd_drop_path_schedule: ({number, close}) => close('rates', dropPathRates(number('depth'), number('rate'))),
  fd_layer_decay: ({number, close}) =>
    close('multipliers', layerDecayMultipliers(number('depth'), number('decay'))),
};

const words: Readonly<Record<string, MethodCaseTest>> = {
  masked_token_loss: ({inputs, close}) => {
    const logits = (inputs['logits'] as number[][][]).flat();
    const labels = (inputs['labels'] as number[][]).flat();
    const loss = maskedTokenLoss(tf.tensor2d(logits), tf.tensor1d(labels, 'int32')).arraySync();
    close('loss', loss);
    const hot: Matrix = logits.map((row, i) => row.map((_, j) => Number(j === labels[i])));
    const sum = softCrossEntropyRows(logits, hot).reduce((all, row) => all + row, 0);
    close('counted', sum / loss);
  },
};

/** Cases over tokens of images and of texts. */
export const tokenCases = {...filip, ...distillation, ...words};
