import {describe, expect, it} from 'vitest';
import {averagePrecision} from '../../../src/eval/average-precision.js';
import {imageSearchScores} from '../../../src/eval/image-search.js';
import {uniform} from '../../../src/engine/random.js';
import {averagePrecision as reference} from '../../reference/average-precision.js';
import {dotProducts, unitRows} from '../../reference/matrix.js';
import {randomMatrix} from '../../support/random-features.js';

describe('averagePrecision', () => {
  it('agrees with the area rank by rank, for any order', () => {
    for (let seed = 0; seed < 50; seed++) {
      const ranked = Array.from({length: 12}, (_, i) => uniform(seed, i) < 0.3);
      ranked[seed % 12] = true;
      expect(averagePrecision(ranked, ranked.filter(Boolean).length)).toBeCloseTo(reference(ranked), 12);
    }
  });

  it('is 1 when all right ones come first, and counts those that are never found', () => {
    expect(averagePrecision([true, true, false], 2)).toBe(1);
    expect(averagePrecision([true, false], 2)).toBe(0.5);
    expect(averagePrecision([false, true], 1)).toBe(0.25);
    expect(averagePrecision([false, false], 1)).toBe(0);
  });
});

describe('imageSearchScores', () => {
  const rows = unitRows(randomMatrix(10, 6, 81));
  const images = {values: Float32Array.from(rows.flat()), count: 10, dim: 6};
  const searched = [9, 8, 7, 6, 5, 4, 3];

  it('ranks what is searched by the cosine with the query, without junk', () => {
    const queries = [
      {image: 0, good: [1, 4], junk: [2]},
      {image: 5, good: [0, 6], junk: [4]},
    ];
    const {sums, counts} = imageSearchScores({images, searched, queries});
    const expected = queries.map(({image, good, junk}) => {
      const [cosines] = dotProducts(
        [rows[image]!],
        searched.map((i) => rows[i]!),
      );
      const order = [...cosines!.keys()].sort((a, b) => cosines![b]! - cosines![a]!);
      return reference(order.filter((i) => !junk.includes(i)).map((i) => good.includes(i)));
    });
    Array.from(sums).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 10));
    expect(counts).toEqual([1, 1]);
  });

  it('gives no credit for equal scores: wrong ones come first', () => {
    const same = {values: new Float32Array(4 * 6).fill(1), count: 4, dim: 6};
    const {sums} = imageSearchScores({
      images: same,
      searched: [1, 2, 3],
      queries: [{image: 0, good: [0], junk: []}],
    });
    expect(sums[0]).toBeCloseTo(reference([false, false, true]), 12);
  });
});
