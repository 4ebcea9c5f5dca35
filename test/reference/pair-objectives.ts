import {logSoftmaxRow} from './contrastive.js';
import {dotProducts, firstArgMax, type Matrix} from './matrix.js';

/** Sum over pairs of rows of the squared difference of two cosines, over n. */
export function inModalConsistency(images: Matrix, texts: Matrix): number {
  const [a, b] = [dotProducts(images, images), dotProducts(texts, texts)];
  return squaredDifference(a, b) / images.length;
}

export function crossModalConsistency(images: Matrix, texts: Matrix): number {
  return squaredDifference(dotProducts(images, texts), dotProducts(texts, images)) / images.length;
}

function squaredDifference(a: Matrix, b: Matrix): number {
  let sum = 0;
  a.forEach((row, i) => row.forEach((value, j) => (sum += (value - b[i]![j]!) ** 2)));
  return sum;
}

/** SigLIP over given logits (bias included), divided by the number of rows. */
export function sigmoidLoss(logits: Matrix, positives: Matrix): number {
  let sum = 0;
  logits.forEach((row, i) =>
    row.forEach((logit, j) => {
      const signed = positives[i]![j] === 1 ? logit : -logit;
      // -log sigmoid(x), from the side where exp does not overflow
      sum += signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
    }),
  );
  return sum / logits.length;
}

/** -(cos(p1, z2) + cos(p2, z1)) / 2 for unit rows. */
export function simSiam(p1: Matrix, z1: Matrix, p2: Matrix, z2: Matrix): number {
  const trace = (a: Matrix, b: Matrix) => dotProducts(a, b).reduce((sum, row, i) => sum + row[i]!, 0);
  return -(trace(p1, z2) + trace(p2, z1)) / (2 * p1.length);
}

/** Index in the bank of the nearest entry that is not excluded; -1 for none. */
export function nearestIndices(queries: Matrix, bank: Matrix, excluded: Matrix): number[] {
  return dotProducts(queries, bank).map((row, i) => {
    const open = row.map((cosine, j) => (excluded[i]![j] === 1 ? -Infinity : cosine));
    return open.every((cosine) => cosine === -Infinity) ? -1 : firstArgMax(open);
  });
}

/** NT-Xent row by row: the candidates of a view are all views but itself. */
export function ntXent(first: Matrix, second: Matrix, temperature: number): number {
  const views = [...first, ...second];
  const n = first.length;
  const costs = views.map((view, i) => {
    const others = views.flatMap((_, j) => (j === i ? [] : [j]));
    const logits = others.map((j) => dotProducts([view], [views[j]!])[0]![0]! / temperature);
    return -logSoftmaxRow(logits)[others.indexOf((i + n) % (2 * n))]!;
  });
  return costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}
