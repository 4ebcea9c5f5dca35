import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';

/** What a pass of n images through a vision transformer leaves out. */
export interface ImageNoise {
  /** [n, 2 * layers], what the branches of its blocks are multiplied by: `pathFactors`. Left out: 1. */
  readonly paths?: Tensor2D | undefined;
  readonly masked?: MaskedPatches | undefined;
}

/** Patches that the tower does not see: something else stands in their place, with their position. */
export interface MaskedPatches {
  /** [n, p], 1 where a patch is hidden, else 0. */
  readonly places: Tensor2D;
  /** [w], what stands there; gradients reach it. */
  readonly embedding: Tensor1D;
}
