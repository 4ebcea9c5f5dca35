import type {Tensor} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import {BugError} from '../../support/errors.js';

/** Reads a weight by the end of its name; the caller says which rank it has. */
export type Lookup = <T extends Tensor>(name: string) => T;

/**
 * Weights below a prefix, for example `visual.`.
 * @throws BugError, when read, for a name that is not there: checkpoints are checked before towers run.
 */
export function lookup(tensors: Tensors, prefix = ''): Lookup {
  return <T extends Tensor>(name: string) => {
    const tensor = tensors[prefix + name];
    if (tensor === undefined) throw new BugError(`weights: expected ${prefix}${name}, got none`);
    return tensor as T;
  };
}
