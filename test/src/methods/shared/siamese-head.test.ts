import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {simSiamLoss} from '../../../../src/losses/simsiam.js';
import {siameseViews, siameseWeights} from '../../../../src/methods/shared/siamese-head.js';
import type {Matrix} from '../../../reference/matrix.js';
import {siamese} from '../../../reference/siamese.js';
import {expectClose} from '../../../support/expect-close.js';
import {expectFinite, lossAt} from '../../../support/loss-oracle.js';
import {randomMatrix} from '../../../support/random-features.js';

beforeAll(async () => {
  await startEngine('auto');
});

const [n, d, width] = [6, 4, 6];
const weights = Object.fromEntries(
  Object.entries(siameseWeights(d, width)).map(([name, {shape}], i) => {
    const [rows, columns] = shape.length === 1 ? [1, shape[0]!] : [shape[0]!, shape[1]!];
    return [name, randomMatrix(rows, columns, 300 + i)];
  }),
);
const views = {first: randomMatrix(n, d, 291), second: randomMatrix(n, d, 292)};
const inputs = {...views, ...weights};

const loss = (of: Readonly<Record<string, Tensor2D>>) => {
  const head = Object.entries(of).map(([name, value]): [string, tf.Tensor] => [
    name,
    weights[name]?.length === 1 ? tf.reshape(value, [value.size]) : value,
  ]);
  return simSiamLoss(siameseViews([of['first']!, of['second']!], Object.fromEntries(head)));
};
const valueAt = (changes: Record<string, Matrix>) => lossAt({...inputs, ...changes}, loss);

describe('the head of SimSiam', () => {
  it('has the loss of float64 loops', () => {
    expectClose(valueAt({}).value, siamese([views.first, views.second], weights));
  });

  it('gradients reach the predictor, and the projector through it alone', () => {
    const {gradients} = valueAt({});
    const length = (name: string) => Math.hypot(...gradients[name]!.flat());
    for (const name of ['projector.0.weight', 'predictor.1.weight', 'first']) {
      expect(length(name)).toBeGreaterThan(1e-4);
    }
    // without a predictor nothing is left to move
    const silent = valueAt({
      'predictor.1.weight': weights['predictor.1.weight']!.map((row) => row.map(() => 0)),
    });
    expect(Math.hypot(...silent.gradients['first']!.flat())).toBeLessThan(1e-6);
  });

  it('gradients of the predictor agree with float64 differences', () => {
    const name = 'predictor.1.weight';
    const {gradients} = valueAt({});
    const at = weights[name]!;
    const step = 1e-5;
    const numerical = at.map((row, i) =>
      row.map((_, j) => {
        const moved = (by: number) =>
          at.map((values, r) => values.map((value, c) => (r === i && c === j ? value + by : value)));
        const value = (by: number) => siamese([views.first, views.second], {...weights, [name]: moved(by)});
        return (value(step) - value(-step)) / (2 * step);
      }),
    );
    expectClose(gradients[name]!, numerical);
  });

  it('does not see the scale of the features, and exchanging the views changes nothing', () => {
    const {value} = valueAt({});
    const tripled = (rows: Matrix) => rows.map((row) => row.map((entry) => 300 * entry));
    const many = {first: tripled(views.first), second: tripled(views.second)};
    const {'projector.0.bias': bias} = weights;
    expectClose(
      valueAt({...many, 'projector.0.bias': tripled(bias!)}).value,
      value,
      {relative: 1e-3, absolute: 1e-3}, // the 1e-5 under the root counts for less
    );
    expectClose(valueAt({first: views.second, second: views.first}).value, value);
  });

  it('is finite where all images are one, and where features are zero', () => {
    for (const entry of [0, 1]) {
      const rows = views.first.map((row) => row.map(() => entry));
      expectFinite(valueAt({first: rows, second: rows}));
    }
  });

  it('has the size of the published one', () => {
    const count = (part: string) =>
      Object.entries(siameseWeights(512, 1024))
        .filter(([name]) => name.startsWith(part))
        .reduce((sum, [, {shape}]) => sum + shape.reduce((product, length) => product * length, 1), 0);
    expect(count('projector')).toBe(2_630_656);
    expect(count('predictor')).toBe(1_051_136);
  });
});
