import {softmaxRow} from './contrastive.js';
import {dotProducts, scaled, transposed, type Matrix} from './matrix.js';

/** Softmax of every row. */
export function softmaxRows(logits: Matrix): number[][] {
  return logits.map((row) => softmaxRow(row));
}

/** (1 - beta) [i = j] + beta softmax_j(s r_i . r_j). */
export function softTargets(rows: Matrix, scale: number, beta: number): number[][] {
  return softmaxRows(scaled(dotProducts(rows, rows), scale)).map((row, i) =>
    row.map((q, j) => beta * q + (i === j ? 1 - beta : 0)),
  );
}

/** Rows without their diagonal entry, renormalised: [n, n] -> [n, n - 1]. */
export function negativesOnly(probabilities: Matrix): number[][] {
  return probabilities.map((row, i) => {
    const others = row.filter((_, j) => j !== i);
    const sum = others.reduce((total, p) => total + p, 0);
    return others.map((p) => p / sum);
  });
}

/** KL(A || B), the mean over rows. */
export function kl(a: Matrix, b: Matrix): number {
  let sum = 0;
  a.forEach((row, i) => row.forEach((p, j) => (sum += p === 0 ? 0 : p * Math.log(p / b[i]![j]!))));
  return sum / a.length;
}

export function klBy(kind: 'forward' | 'mean' | 'sum' | 'js', a: Matrix, b: Matrix): number {
  const middle = a.map((row, i) => row.map((p, j) => (p + b[i]![j]!) / 2));
  switch (kind) {
    case 'forward':
      return kl(a, b);
    case 'mean':
      return (kl(a, b) + kl(b, a)) / 2;
    case 'sum':
      return kl(a, b) + kl(b, a);
    case 'js':
      return (kl(a, middle) + kl(b, middle)) / 2;
  }
}

export interface SoftClipInputs {
  readonly images: Matrix;
  readonly texts: Matrix;
  readonly scale: number;
  /** Unit rows that image targets come from, and text targets. */
  readonly regions: Matrix;
  readonly tags: Matrix;
  readonly targetScale: number;
  readonly beta: number;
}

/** SoftCLIP's two terms, each the mean of both directions. */
export function softClipTerms(
  {images, texts, scale, regions, tags, targetScale, beta}: SoftClipInputs,
  kind: 'forward' | 'mean' | 'sum' | 'js',
): {soft: number; negatives: number} {
  const logits = scaled(dotProducts(images, texts), scale);
  const predictions = [softmaxRows(logits), softmaxRows(transposed(logits))] as const;
  const targets = [softTargets(regions, targetScale, beta), softTargets(tags, targetScale, beta)] as const;
  const mean = (change: (rows: Matrix) => Matrix) =>
    (klBy(kind, change(targets[0]), change(predictions[0])) +
      klBy(kind, change(targets[1]), change(predictions[1]))) /
    2;
  return {soft: mean((rows) => rows), negatives: mean(negativesOnly)};
}
