import * as tf from '@tensorflow/tfjs-core';
import type {Scalar} from '@tensorflow/tfjs-core';
import {UserError} from '../../support/errors.js';
import type {Terms} from './method.js';

/** An objective's value. */
export interface Total {
  /** Sum of weight times value. */
  readonly loss: Scalar;
  /** Each term's own, unweighted value; terms at weight 0 are absent. */
  readonly terms: Readonly<Record<string, Scalar>>;
}

/**
 * Evaluates terms in their order. A term at weight 0 leaves no operation behind.
 * @throws UserError when every weight is 0
 */
export function total(terms: Terms): Total {
  const active = Object.entries(terms).filter(([, term]) => term.weight !== 0);
  const evaluated = active.map(([name, term]) => ({name, weight: term.weight, value: term.value()}));
  const [first, ...rest] = evaluated.map(({weight, value}): Scalar => tf.mul(value, weight));
  if (first === undefined) {
    throw new UserError('objective: expected a term with a weight other than 0, got none');
  }
  return {
    loss: rest.reduce((sum, summand): Scalar => tf.add(sum, summand), first),
    terms: Object.fromEntries(evaluated.map(({name, value}) => [name, value])),
  };
}
