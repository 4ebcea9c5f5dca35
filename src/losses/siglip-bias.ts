import {UserError} from '../support/errors.js';

/** Logits without a bias, on the host. */
export interface PairLogits {
  /** [n, m], row-major: scaled cosines of images and texts. */
  readonly logits: ArrayLike<number>;
  /** [n, m], 1 where image and text belong together, else 0. */
  readonly positives: ArrayLike<number>;
}

/**
 * The bias at which SigLIP's loss over a batch is least: the root of its derivative, which grows with the bias, by
 * bisection. A start for checkpoints whose scale is far from the 10 that the paper's -10 is meant for.
 * @throws UserError where the loss falls for ever, since all cells are positives or none is
 */
export function optimalSigmoidBias(pairs: PairLogits): number {
  const {matched, others} = splitCells(pairs);
  const cells = [...matched, ...others];
  // each sigmoid from its small side, so that pairs far apart, whose slopes are all tiny, still have a sign
  const slope = (bias: number) =>
    others.reduce((sum, logit) => sum + 1 / (1 + Math.exp(-logit - bias)), 0) -
    matched.reduce((sum, logit) => sum + 1 / (1 + Math.exp(logit + bias)), 0);
  // outside, every sigmoid is 0 or 1 to within e^-10 over the number of cells: the slope has the sign of its limit
  const margin = 10 + Math.log(cells.length);
  let low = cells.reduce((least, logit) => Math.min(least, -logit), Infinity) - margin;
  let high = cells.reduce((most, logit) => Math.max(most, -logit), -Infinity) + margin;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle; // no float64 between them
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
}

/**
 * A bias in one formula, near where a batch of pairs that cannot be told apart has the least loss: -(mean logit of
 * what does not belong together) - ln(how many such texts an image has).
 * @param rows n, the number of images
 * @throws UserError like {@link optimalSigmoidBias}
 */
export function dataSigmoidBias(pairs: PairLogits, rows: number): number {
  const {others} = splitCells(pairs);
  const sum = others.reduce((total, logit) => total + logit, 0);
  return -sum / others.length - Math.log(others.length / rows);
}

function splitCells({logits, positives}: PairLogits): {matched: number[]; others: number[]} {
  const cells = Array.from(logits);
  const matched = cells.filter((_, i) => positives[i] === 1);
  const others = cells.filter((_, i) => positives[i] !== 1);
  if (matched.length === 0 || others.length === 0) {
    throw new UserError(
      `siglip bias: expected matching and other pairs in a batch, got ${matched.length} and ${others.length}`,
      {tryThis: 'use a larger batch, or give the bias as a number'},
    );
  }
  return {matched, others};
}
