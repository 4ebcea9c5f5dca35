import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {ntXentLoss} from '../../../src/losses/nt-xent.js';
import {unitRows as unitRowsOf} from '../../../src/model/unit-rows.js';
import type {Matrix} from '../../reference/matrix.js';
import {ntXent} from '../../reference/pair-objectives.js';
import {identity} from '../../reference/pair-targets.js';
import {expectClose} from '../../support/expect-close.js';
import {expectFinite, expectLikeOracle, lossAt, toleranceAt} from '../../support/loss-oracle.js';
import {randomFeatures} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {images: first, texts: own} = randomFeatures({pairs: 5, unpaired: 1, words: 1}, 10, 161);
const second = [...own.slice(1), own[0]!];
const valueOf = (a: Matrix, b: Matrix, temperature: number) =>
  inScope(() => ntXentLoss(tensor(a), tensor(b), temperature).arraySync());

describe.each([0.1, 0.5])('ntXentLoss at temperature %d', (temperature) => {
  it('value and gradients agree with loops that leave each view out of its own candidates', () => {
    expectLikeOracle({
      inputs: {first, second},
      loss: (of) => ntXentLoss(of.first, of.second, temperature),
      oracle: (of) => ntXent(of.first, of.second, temperature),
      tolerance: toleranceAt(1 / temperature),
    });
  });

  it('swapping the views, or permuting the items, changes nothing', () => {
    const order = [3, 0, 4, 1, 2];
    const moved = (rows: Matrix) => order.map((i) => rows[i]!);
    const before = valueOf(first, second, temperature);
    expectClose(valueOf(second, first, temperature), before);
    expectClose(valueOf(moved(first), moved(second), temperature), before);
  });

  it('equal views of orthogonal items cost ln (e^(1/t) + 2n - 2) - 1/t', () => {
    const rows = identity(4);
    const least = Math.log(Math.exp(1 / temperature) + 6) - 1 / temperature;
    expectClose(valueOf(rows, rows, temperature), least);
  });
});

it('a single item has no negatives and costs nothing', () => {
  expect(valueOf([[0.6, 0.8]], [[1, 0]], 0.1)).toBe(0);
});

it('is finite for duplicate and zero rows', () => {
  const raw = [
    [0, 0, 0],
    [1, 2, 3],
    [1, 2, 3],
  ];
  const found = lossAt({first: raw, second: raw}, (of) =>
    ntXentLoss(unitRowsOf(of.first), unitRowsOf(of.second), 0.07),
  );
  expectFinite(found);
});
