import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {fusedOp} from './fused-op.js';

/** Rows `ids` [r] int32 of a table [v, w]: [r, w]. */
export function embed(table: Tensor2D, ids: Tensor1D): Tensor2D {
  return fusedOp([table], () => ({
    value: tf.gather(table, ids),
    saved: {ids},
    // tfjs's own gradient of gather copies the whole table's gradient twice
    gradients: (dy, saved) => [tf.unsortedSegmentSum(dy, saved.ids, table.shape[0])],
  }));
}
