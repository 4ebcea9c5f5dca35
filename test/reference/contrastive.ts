import {dotProducts, scaled, type Matrix} from './matrix.js';

/** log softmax(z)_j of one row. */
export function logSoftmaxRow(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const logSum = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
  return row.map((z) => z - logSum);
}

export function softmaxRow(row: readonly number[]): number[] {
  return logSoftmaxRow(row).map(Math.exp);
}

/** -sum_j p_j log softmax(z)_j of every row. */
export function softCrossEntropyRows(logits: Matrix, targets: Matrix): number[] {
  return logits.map((row, r) => {
    const logs = logSoftmaxRow(row);
    let sum = 0;
    for (let j = 0; j < row.length; j++) if (targets[r]![j] !== 0) sum -= targets[r]![j]! * logs[j]!;
    return sum;
  });
}

export function softCrossEntropy(logits: Matrix, targets: Matrix): number {
  return mean(softCrossEntropyRows(logits, targets));
}

/** Row r belongs to column r. */
export function diagonalCrossEntropy(logits: Matrix): number {
  return mean(logits.map((row, r) => -logSoftmaxRow(row)[r]!));
}

/** 1/2 [CE(s I T^t, diag) + CE(s T [I; Q]^t, diag)]. */
export function contrastiveLoss(
  images: Matrix,
  texts: Matrix,
  scale: number,
  negatives: Matrix = [],
): number {
  const imageToText = diagonalCrossEntropy(scaled(dotProducts(images, texts), scale));
  const textToImage = diagonalCrossEntropy(scaled(dotProducts(texts, [...images, ...negatives]), scale));
  return (imageToText + textToImage) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
