import {linearRow} from './transformer.js';
import {unitRows, type Matrix} from './matrix.js';
import {simSiam} from './pair-objectives.js';

/** Weights by name: matrices, vectors as matrices of one row. */
export type HeadWeights = Readonly<Record<string, Matrix>>;

/** Columns to mean 0 and variance 1 (biased, 1e-5 under the root), scaled and shifted. */
export function batchNormed(rows: Matrix, gamma: readonly number[], beta: readonly number[]): number[][] {
  const n = rows.length;
  const means = gamma.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / n);
  const variances = gamma.map((_, j) => rows.reduce((sum, row) => sum + (row[j]! - means[j]!) ** 2, 0) / n);
  return rows.map((row) =>
    row.map((value, j) => (gamma[j]! * (value - means[j]!)) / Math.sqrt(variances[j]! + 1e-5) + beta[j]!),
  );
}

/** SimSiam's loss behind three projecting and two predicting layers, all but the last with batch norm. */
export function siamese(views: readonly [Matrix, Matrix], weights: HeadWeights): number {
  const linear = (rows: Matrix, name: string) =>
    rows.map((row) => linearRow(row, weights[`${name}.weight`]!.flat(), weights[`${name}.bias`]![0]!));
  const normed = (rows: Matrix, name: string) =>
    batchNormed(linear(rows, name), weights[`${name}.bn.weight`]![0]!, weights[`${name}.bn.bias`]![0]!);
  const relu = (rows: Matrix) => rows.map((row) => row.map((value) => Math.max(value, 0)));
  const [z1, z2] = views.map((view) =>
    normed(relu(normed(relu(normed(view, 'projector.0')), 'projector.1')), 'projector.2'),
  );
  const predicted = (rows: Matrix) => linear(relu(normed(rows, 'predictor.0')), 'predictor.1');
  const [p1, p2] = [predicted(z1!), predicted(z2!)];
  return simSiam(unitRows(p1), unitRows(z1!), unitRows(p2), unitRows(z2!));
}
