import type {Tensor2D} from '@tensorflow/tfjs-core';
import type {HostArray, HostArrays, Tensors} from '../../engine/step.js';
import type {ClassLogits} from '../../model/class-head.js';
import type {TokenTensors} from '../../model/text-tower.js';
import type {Encoders, Setting} from './method.js';

/** The captioned images and their classes, as the model of a run embeds them when its last step is done. */
export interface ClassProblem<P> extends Setting<P> {
  readonly seed: number;
  /** [n] the class of each image, 0 to c - 1. */
  readonly labels: readonly number[];
  /** c. */
  readonly classes: number;
  /** Of the towers. */
  readonly weights: HostArrays;
  /** The method's own weights. */
  readonly extras: HostArrays;
  /** [n, d], rows of unit length, of the crop that evaluation takes. Computed when first asked for. */
  readonly images: () => Promise<HostArray>;
  /** [n, w], what the last linear layer of the image tower reads, of the same crop. */
  readonly beforeProjection: () => Promise<HostArray>;
  /** [c, d], rows of unit length: the prompts of each class, averaged as in zero-shot classification. */
  readonly prompts: () => Promise<HostArray>;
  /** Something computed from the names of the classes, [c, t] tokens. */
  readonly ofNames: (
    compute: (encode: Encoders, names: TokenTensors, extras: Tensors) => Tensor2D,
  ) => HostArray;
}

/** What takes the place of the model's weights, and what sorts images into the classes. */
export interface Solution {
  readonly weights?: HostArrays;
  readonly head?: ClassLogits;
}
