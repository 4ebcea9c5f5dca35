import {mersenneTwister} from './mersenne-twister.js';

/** Row numbers of a set, each in exactly one of the two lists. */
export interface LabelSplit {
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
}

/**
 * Which rows of a captioned set keep their captions: the first trunc(n ratio) of a seeded permutation, as S-CLIP's
 * code draws it, so that the published subsets come out (arXiv:2305.14095).
 * @param ratio in [0, 1]; with few rows the labelled list may be empty.
 */
export function labelSplit(n: number, ratio: number, seed: number): LabelSplit {
  const order = torchPermutation(n, seed);
  // a float64 product on purpose: 100 x 0.29 keeps 28 rows, as there
  const kept = Math.trunc(n * ratio);
  return {labelled: order.slice(0, kept), unlabelled: order.slice(kept)};
}

/** PyTorch's `randperm` on the CPU for n below 2^32: Fisher-Yates from the front, with modulo. */
function torchPermutation(n: number, seed: number): number[] {
  const order = Array.from({length: n}, (_, i) => i);
  const draw = mersenneTwister(seed);
  for (let i = 0; i < n - 1; i++) {
    const other = i + (draw() % (n - i));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}
