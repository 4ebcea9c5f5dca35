import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';
import type {PairedFeatures} from './contrastive.js';
import type {Directions} from './pair-targets.js';

/**
 * What a teacher makes of the pairs of a batch, softmax rows in both directions, as constants. The cross-entropy towards
 * them is the distillation of similarities (CLIP-KD, arXiv:2307.12732, and OpenCLIP), and self-distillation starts from
 * them. A teacher of the student's own weights, view and scale teaches nothing: its gradient is zero.
 * @param scale s of the teacher
 */
export function teacherTargets(teacher: PairedFeatures, scale: Scalar | number): Directions {
  const {images, texts} = teacher;
  const oneWay = (queries: Tensor2D, candidates: Tensor2D) =>
    constant(() => tf.softmax(tf.mul<Tensor2D>(tf.matMul(queries, candidates, false, true), scale)));
  return {imageToText: oneWay(images, texts), textToImage: oneWay(texts, images)};
}

/** The targets with their directions exchanged, as a swapped teacher gives them; for as many texts as images. */
export function swapped({imageToText, textToImage}: Directions): Directions {
  return {imageToText: textToImage, textToImage: imageToText};
}

/**
 * Progressive self-distillation (CLIP-PSD, arXiv:2204.04588): some pairs take the teacher's rows in place of their own
 * one-hot ones, the same pairs in both directions.
 * @param rows [n], 1 for the pairs that take `soft`, 0 for those that keep `hard`
 */
export function replaceRows(hard: Directions, soft: Directions, rows: Tensor1D): Directions {
  const column = tf.reshape(rows, [-1, 1]); // [n, 1]
  const oneWay = (direction: keyof Directions): Tensor2D =>
    tf.add(tf.mul(soft[direction], column), tf.mul(hard[direction], tf.sub(1, column)));
  return {imageToText: oneWay('imageToText'), textToImage: oneWay('textToImage')};
}

/**
 * The `count` pairs whose own text a teacher finds least likely, the lower index of a tie.
 * @param targets [n, n], a teacher's rows
 * @param count how many; it may change from step to step
 * @returns [n], 1 for those pairs, else 0; a constant
 */
export function leastConfidentRows(targets: Tensor2D, count: Scalar): Tensor1D {
  return constant(() => {
    const n = targets.shape[0];
    const own = tf.sum(tf.mul(targets, tf.eye(n)), 1); // [n]
    const [row, column] = [tf.reshape(own, [1, n]), tf.reshape(own, [n, 1])];
    const earlier = tf.tensor2d(
      Array.from({length: n}, (_, i) => Array.from({length: n}, (_, j) => (j < i ? 1 : 0))),
      [n, n],
    );
    // who comes before pair i: the less likely, and of the equally likely the earlier ones
    const below = tf.cast(tf.less(row, column), 'float32');
    const tied = tf.mul(tf.cast(tf.equal(row, column), 'float32'), earlier);
    const rank = tf.sum<Tensor1D>(tf.add(below, tied), 1);
    return tf.step(tf.sub<Tensor1D>(count, rank));
  });
}
