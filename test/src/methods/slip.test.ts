import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import slip from '../../../src/methods/slip.js';
import {contrastiveLoss} from '../../reference/contrastive.js';
import {unitRows, type Matrix} from '../../reference/matrix.js';
import {ntXent} from '../../reference/pair-objectives.js';
import {expectClose} from '../../support/expect-close.js';
import {expectLikeOracle, expectZero, lossAt, one, scaleFrom} from '../../support/loss-oracle.js';
import {totalOnOutputs} from '../../support/method-on-outputs.js';
import {randomFeatures, randomMatrix} from '../../support/random-features.js';
import {tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const scale = 1 / 0.07;
const [b, u] = [4, 3];
const {images, texts} = randomFeatures({pairs: b, unpaired: u, words: 2}, scale, 611);
const d = images[0]!.length;
const narrow = Math.ceil(d / 4);
const unit = (rows: number, seed: number) => unitRows(randomMatrix(rows, d, seed));
const weights = {
  'hidden.weight': randomMatrix(d, d, 612),
  'hidden.bias': randomMatrix(1, d, 613),
  'norm.weight': randomMatrix(1, d, 614),
  'norm.bias': randomMatrix(1, d, 615),
  'out.weight': randomMatrix(narrow, d, 616),
  'out.bias': randomMatrix(1, narrow, 617),
};
const inputs = {
  ...{images, texts},
  ...{first: unit(b, 621), second: unit(b, 622), queryFirst: unit(u, 623), querySecond: unit(u, 624)},
  tau: one(Math.log(scale)),
};
type Inputs = typeof inputs;

function totalOf(of: Record<keyof Inputs, Tensor2D>, params: Record<string, unknown> = {}) {
  const extras = Object.entries(weights).map(([name, rows]): [string, tf.Tensor] => [
    name,
    rows.length === 1 ? tf.tensor1d([...rows[0]!]) : tensor(rows),
  ]);
  return totalOnOutputs(slip, params, {
    trained: {
      ...{images: of.images, texts: of.texts, scale: scaleFrom(of.tau)},
      views: {
        ...{'paired.first': of.first, 'paired.second': of.second},
        ...{'unpaired.first': of.queryFirst, 'unpaired.second': of.querySecond},
      },
    },
    extras: Object.fromEntries(extras),
    end: Array.from({length: b}, () => 3),
    unpaired: u,
  });
}

/** A linear layer, layer norm, relu and a linear layer, row by row; rows of unit length. */
function projected(rows: Matrix): Matrix {
  const layer = (row: readonly number[], name: 'hidden' | 'out') =>
    weights[`${name}.weight`].map(
      (of, i) => of.reduce((sum, value, k) => sum + value * row[k]!, 0) + weights[`${name}.bias`][0]![i]!,
    );
  return unitRows(
    rows.map((row) => {
      const hidden = layer(row, 'hidden');
      const mean = hidden.reduce((sum, value) => sum + value, 0) / d;
      const variance = hidden.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d;
      const normed = hidden.map((value, i) => {
        const standard = (value - mean) / Math.sqrt(variance + 1e-5);
        return Math.max(0, standard * weights['norm.weight'][0]![i]! + weights['norm.bias'][0]![i]!);
      });
      return layer(normed, 'out');
    }),
  );
}

describe('slip', () => {
  it('value and gradients agree with loops: CLIP, and 0.2 of NT-Xent over two crops of all images', () => {
    expectLikeOracle({
      inputs,
      loss: (of) => totalOf(of).loss,
      oracle: (of) =>
        contrastiveLoss(of.images, of.texts, Math.exp(of.tau[0]![0]!)) +
        0.2 *
          ntXent(
            projected([...of.first, ...of.queryFirst]),
            projected([...of.second, ...of.querySecond]),
            0.1,
          ),
    });
  });

  it('is the same with the two crops exchanged', () => {
    const {first, second, queryFirst, querySecond} = inputs;
    const turned = {
      ...inputs,
      first: second,
      second: first,
      queryFirst: querySecond,
      querySecond: queryFirst,
    };
    const value = (of: Inputs) => lossAt(of, (given) => totalOf(given).loss).value;
    expectClose(value(turned), value(inputs));
  });

  it('sends the crops no gradient at weight 0, and the captions none of its own', () => {
    const silent = lossAt(inputs, (of) => totalOf(of, {selfWeight: 0}).loss);
    for (const name of ['first', 'second', 'queryFirst', 'querySecond'] as const) {
      expectZero(silent.gradients[name]);
    }
    const heavy = lossAt(inputs, (of) => totalOf(of, {selfWeight: 5}).loss);
    expectClose(heavy.gradients.texts, silent.gradients.texts);
  });
});
