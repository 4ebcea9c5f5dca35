import {describe, expect, it} from 'vitest';
import {innerProducts, type Rows} from '../../../src/eval/inner-products.js';
import {productScores, rankRows, tableScores} from '../../../src/eval/ranks.js';

/** Small whole numbers over 8: exact in floating point, with many equal products. */
function gridRows(count: number, dim: number, seed: number): Rows {
  const values = Float64Array.from(
    {length: count * dim},
    (_, i) => (((i * 7919 + seed * 104729) % 17) - 8) / 8,
  );
  return {values, count, dim};
}

function product(a: Rows, i: number, b: Rows, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.dim; k++) sum += a.values[i * a.dim + k]! * b.values[j * b.dim + k]!;
  return sum;
}

describe('innerProducts', () => {
  it.each([
    [1, 1, 3],
    [2, 4, 5],
    [3, 5, 8],
    [5, 7, 2],
    [4, 9, 1],
  ])('equals the plain loop for %i x %i rows of dimension %i, odd ends included', (n, m, dim) => {
    const a = gridRows(n, dim, 1);
    const b = gridRows(m, dim, 2);
    const out = new Float64Array(n * m).fill(NaN);
    innerProducts(a, b, {start: 0, end: n}, out);
    const expected = Array.from({length: n * m}, (_, at) => product(a, Math.floor(at / m), b, at % m));
    expect([...out]).toEqual(expected);
  });

  it('gives equal rows the same bits wherever they stand in a block', () => {
    const row = Float32Array.from({length: 37}, (_, k) => Math.sin(k + 1) / 6);
    const same: Rows = {
      values: Float32Array.from({length: 7 * 37}, (_, i) => row[i % 37]!),
      count: 7,
      dim: 37,
    };
    const out = new Float64Array(49);
    innerProducts(same, same, {start: 0, end: 7}, out);
    expect(new Set(out).size).toBe(1);
  });

  it('computes only the rows asked for', () => {
    const a = gridRows(6, 4, 1);
    const b = gridRows(3, 4, 2);
    const out = new Float64Array(6);
    innerProducts(a, b, {start: 3, end: 5}, out);
    expect([...out]).toEqual([3, 4].flatMap((i) => [0, 1, 2].map((j) => product(a, i, b, j))));
  });
});

describe('rankRows', () => {
  const one: Rows = {values: Float64Array.of(1), count: 1, dim: 1};
  const gallery = (...scores: number[]): Rows => ({
    values: Float64Array.from(scores),
    count: scores.length,
    dim: 1,
  });

  it('counts the wrong items above the best right one', () => {
    const ranks = rankRows({
      scores: productScores(one, gallery(0.9, 0.2, 0.7, 0.5)),
      relevant: () => [1, 3],
      ties: 'ahead',
    });
    expect([...ranks]).toEqual([2]);
  });

  it('never counts a right item against another right item', () => {
    const ranks = rankRows({
      scores: productScores(one, gallery(0.9, 0.8, 0.1)),
      relevant: () => [0, 1],
      ties: 'ahead',
    });
    expect([...ranks]).toEqual([0]);
  });

  it('puts an equal wrong item ahead or behind, as asked', () => {
    const request = {scores: productScores(one, gallery(0.5, 0.5, 0.5)), relevant: () => [1]};
    expect([...rankRows({...request, ties: 'ahead'})]).toEqual([2]);
    expect([...rankRows({...request, ties: 'behind'})]).toEqual([0]);
  });

  it('counts a wrong item as often as it occurs', () => {
    const request = {
      scores: productScores(one, gallery(0.9, 0.5, 0.7)),
      relevant: () => [1],
      copies: [3, 4, 2],
    };
    expect([...rankRows({...request, ties: 'ahead'})]).toEqual([5]);
  });

  it('gives the same ranks when the scores need many blocks', () => {
    const queries = gridRows(40, 3, 3);
    const many = gridRows(60_000, 3, 4);
    const relevant = (query: number) => [query * 11];
    const ranks = rankRows({scores: productScores(queries, many), relevant, ties: 'behind'});
    for (const query of [0, 16, 17, 18, 39]) {
      const own = product(queries, query, many, query * 11);
      let larger = 0;
      for (let j = 0; j < many.count; j++) if (product(queries, query, many, j) > own) larger++;
      expect(ranks[query]).toBe(larger);
    }
  });

  it('takes scores from a table as they stand', () => {
    const scores = tableScores(Float64Array.of(0.1, 0.9, 0.5, 0.7, 0.2, 0.3), 2);
    const relevant = (query: number) => [query === 0 ? 2 : 1];
    expect([...rankRows({scores, relevant, ties: 'ahead'})]).toEqual([1, 2]);
  });
});
