import {permutation} from '../engine/random.js';
import {BugError} from '../support/errors.js';

export interface BatchOrder {
  /** Items in the set. */
  readonly n: number;
  /** Items a batch; above n it means n. */
  readonly batch: number;
  readonly seed: number;
  /** Tells the orders of several sets apart. */
  readonly stream: number;
}

/** Whole batches in one pass over n items; the incomplete last one is dropped. */
export function batchesPerEpoch(n: number, batch: number): number {
  return n === 0 ? 0 : Math.floor(n / Math.min(batch, n));
}

/** The pass that a step belongs to; both are counted from 0. */
export function epochOf(step: number, n: number, batch: number): number {
  return Math.floor(step / batchesPerEpoch(n, batch));
}

/**
 * The items of one batch: a pure function of its arguments, so that a run that starts again at any step goes on
 * as if it had never stopped. Each pass over the set is a permutation of its own.
 * @param step counted from 0.
 */
export function batchIndices({step, ...order}: BatchOrder & {readonly step: number}): Uint32Array {
  return batchOrder(order)(step);
}

/** {@link batchIndices} for many steps: the permutation of the current pass is kept. */
export function batchOrder({n, batch, seed, stream}: BatchOrder): (step: number) => Uint32Array {
  if (n < 1 || batch < 1) throw new BugError(`batchOrder: expected items and a batch, got ${n} and ${batch}`);
  const size = Math.min(batch, n);
  const perEpoch = batchesPerEpoch(n, batch);
  let pass: {readonly epoch: number; readonly items: Uint32Array} | undefined;
  return (step) => {
    const epoch = epochOf(step, n, batch);
    if (pass?.epoch !== epoch) pass = {epoch, items: permutation(n, seed, stream, epoch)};
    const start = (step % perEpoch) * size;
    return pass.items.slice(start, start + size);
  };
}
