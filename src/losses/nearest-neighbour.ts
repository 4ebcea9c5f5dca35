import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {hardAssignment} from './assignment.js';
import {constant} from './constant.js';

/** Earlier features, to look for neighbours in. */
export interface FeatureBank {
  /** [k, d], rows of unit length. */
  readonly rows: Tensor2D;
  /** [n, k], 1 for entries that are no neighbour of a query: empty ones, and those of the same caption. */
  readonly excluded: Tensor2D;
}

/**
 * The row of the bank with the largest cosine for each query, as DeCLIP's nearest-neighbour supervision puts in place of
 * a caption (arXiv:2110.05208). A query that may have none of them stays itself. Constants.
 * @param queries [n, d], rows of unit length
 * @returns [n, d]
 */
export function nearestNeighbours(queries: Tensor2D, {rows, excluded}: FeatureBank): Tensor2D {
  return constant(() => {
    const cosines = tf.matMul(queries, rows, false, true); // [n, k]
    const nearest = hardAssignment(tf.sub<Tensor2D>(cosines, tf.mul(excluded, 1e9)));
    const found = tf.step(tf.sum(tf.sub(1, excluded), 1, true)); // [n, 1]
    return tf.add<Tensor2D>(tf.mul(found, tf.matMul(nearest, rows)), tf.mul(tf.sub(1, found), queries));
  });
}
