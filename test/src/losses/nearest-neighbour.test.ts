import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {nearestNeighbours} from '../../../src/losses/nearest-neighbour.js';
import {unitRows, type Matrix} from '../../reference/matrix.js';
import {nearestIndices} from '../../reference/pair-objectives.js';
import {expectClose} from '../../support/expect-close.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const queries = unitRows(randomMatrix(4, 6, 171));
const bank = unitRows(randomMatrix(9, 6, 172));
const none = queries.map(() => bank.map(() => 0));
const neighboursOf = (q: Matrix, rows: Matrix, excluded: Matrix) =>
  inScope(() => nearestNeighbours(tensor(q), {rows: tensor(rows), excluded: tensor(excluded)}).arraySync());

it('are the rows of the bank that loops find', () => {
  const expected = nearestIndices(queries, bank, none).map((index) => bank[index]!);
  expectClose(neighboursOf(queries, bank, none), expected);
});

it('never are excluded, not even where the query itself is in the bank', () => {
  const withQueries = [...bank, ...queries];
  const own = queries.map((_, i) => withQueries.map((_, j) => Number(j === bank.length + i)));
  const open = queries.map(() => withQueries.map(() => 0));
  expectClose(neighboursOf(queries, withQueries, open), queries);
  const expected = nearestIndices(queries, withQueries, own).map((index) => withQueries[index]!);
  expect(expected).not.toEqual(queries);
  expectClose(neighboursOf(queries, withQueries, own), expected);
});

it('a query without any stays itself, as before the bank has filled', () => {
  const excluded = none.map((row, i) => row.map(() => (i === 2 ? 1 : 0)));
  const found = neighboursOf(queries, bank, excluded);
  expectClose(found[2]!, queries[2]!);
  expectClose(found[1]!, bank[nearestIndices(queries, bank, none)[1]!]!);
});

it('the first of equally near rows wins', () => {
  const twice = [
    [0.6, 0.8],
    [0.8, 0.6],
    [0.8, 0.6],
  ];
  const found = inScope(() => {
    const rows = tensor(twice);
    const excluded = tensor([[0, 0, 0]]);
    return nearestNeighbours(tensor([[1, 0]]), {rows, excluded}).arraySync();
  });
  expectClose(found, [[0.8, 0.6]]);
});

it('are constants for the gradient', () => {
  const {gradients} = lossAt({queries, bank}, (of) =>
    tf.sum(nearestNeighbours(of.queries, {rows: of.bank, excluded: tensor(none)})),
  );
  expectZero(gradients.queries);
  expectZero(gradients.bank);
});
