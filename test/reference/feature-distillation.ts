import type {Matrix} from './matrix.js';

/** Rows to mean 0 and variance 1 (biased), epsilon under the root. */
export function whitened(rows: Matrix, epsilon: number): number[][] {
  return rows.map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
    return row.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
  });
}

/** Smooth L1, the mean over the rows that count and over columns. */
export function smoothL1(
  prediction: Matrix,
  target: Matrix,
  beta: number,
  counts: readonly number[] = prediction.map(() => 1),
): number {
  let [sum, counted] = [0, 0];
  prediction.forEach((row, i) => {
    if (counts[i] !== 1) return;
    row.forEach((value, j) => {
      const distance = Math.abs(value - target[i]![j]!);
      sum += distance < beta ? distance ** 2 / (2 * beta) : distance - beta / 2;
      counted++;
    });
  });
  return sum / counted;
}
