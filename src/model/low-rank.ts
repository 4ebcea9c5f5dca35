import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';

/** The two factors of a low-rank update. */
export interface LowRank {
  /** A [r, in]. */
  readonly down: Tensor2D;
  /** B [out, r]; zeros at the start, so that the update is nothing. */
  readonly up: Tensor2D;
}

/** What divides alpha: the rank, as in LoRA's paper, or its root, as in the code of CLIP-LoRA. */
export type LoraScaling = 'rank' | 'root';

/** g = alpha / r (LoRA, arXiv:2106.09685, section 4.1) or alpha / sqrt(r) (CLIP-LoRA, arXiv:2405.18541). */
export function loraScale(alpha: number, rank: number, scaling: LoraScaling): number {
  return alpha / (scaling === 'rank' ? rank : Math.sqrt(rank));
}

/** What LoRA adds to a weight: g B A, [out, in]. */
export function lowRankUpdate({down, up}: LowRank, scale: number): Tensor2D {
  return tf.mul(tf.matMul(up, down), scale);
}
