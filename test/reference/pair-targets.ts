import {softCrossEntropy} from './contrastive.js';
import {dotProducts, scaled, transposed, type Matrix} from './matrix.js';

/** 1 on the diagonal. */
export function identity(n: number): number[][] {
  return Array.from({length: n}, (_, i) => Array.from({length: n}, (_, j) => (i === j ? 1 : 0)));
}

/** Label smoothing; `negatives` shares alpha among them alone, `uniform` among all entries of a row. */
export function smoothed(positives: Matrix, alpha: number, convention: 'negatives' | 'uniform'): number[][] {
  return positives.map((row) => {
    const own = row.filter((entry) => entry === 1).length;
    const others = row.length - own;
    return row.map((entry) => {
      if (convention === 'uniform') return (entry === 1 ? (1 - alpha) / own : 0) + alpha / row.length;
      if (others === 0) return 1 / own;
      return entry === 1 ? (1 - alpha) / own : alpha / others;
    });
  });
}

/** 1/2 [SCE(s S, P) + SCE(s S', P')] of similarities and targets of the two directions. */
export function twoWayCrossEntropy(
  similarities: readonly [Matrix, Matrix],
  scale: number,
  targets: readonly [Matrix, Matrix],
): number {
  const [first, second] = similarities.map((similarity, way) =>
    softCrossEntropy(scaled(similarity, scale), targets[way as 0 | 1]),
  ) as [number, number];
  return (first + second) / 2;
}

/** Of pooled embeddings. */
export function pairTargetLoss(
  images: Matrix,
  texts: Matrix,
  scale: number,
  targets: readonly [Matrix, Matrix],
): number {
  const cosines = dotProducts(images, texts);
  return twoWayCrossEntropy([cosines, transposed(cosines)], scale, targets);
}
