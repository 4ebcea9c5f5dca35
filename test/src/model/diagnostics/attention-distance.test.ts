import {describe, expect, it} from 'vitest';
import {attentionDistance, patchDistance} from '../../../../src/model/diagnostics/attention-distance.js';
import {attentionDistance as reference} from '../../../reference/attention.js';
import type {Matrix} from '../../../reference/matrix.js';
import {asAttention, randomMaps} from '../../../support/attention-maps.js';

describe('attentionDistance', () => {
  const options = {grid: {rows: 2, columns: 3}, patchSize: 32};

  it('agrees with float64 loops, head by head', () => {
    const maps = randomMaps(4, 7, 241);
    const found = attentionDistance(asAttention(maps), options);
    expect(found).toHaveLength(4);
    maps.forEach((map, head) => expect(found[head]).toBeCloseTo(32 * reference(map, 2, 3), 10));
  });

  it('is 0 for a head that looks at its own patch, whatever the class token takes', () => {
    const own: Matrix = Array.from({length: 7}, (_, i) =>
      Array.from({length: 7}, (_, j) => (j === 0 ? 0.75 : 0) + (i === j ? 0.25 : 0)),
    );
    expect(attentionDistance(asAttention([own]), options)).toEqual([0]);
  });

  it('is the mean distance of the grid for even attention, and grows with the patch', () => {
    const even: Matrix = Array.from({length: 7}, () => Array.from({length: 7}, () => 1 / 7));
    const patches = [0, 1, 2, 3, 4, 5];
    const sum = patches.reduce(
      (all, a) => all + patches.reduce((row, b) => row + patchDistance(options.grid, a, b), 0),
      0,
    );
    const [found] = attentionDistance(asAttention([even]), options);
    expect(found).toBeCloseTo((32 * sum) / 36, 10);
    expect(attentionDistance(asAttention([even]), {...options, patchSize: 16})[0]).toBeCloseTo(
      found! / 2,
      10,
    );
  });

  it('leaves out a query that looks at the class token alone', () => {
    const map = [
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
    ];
    expect(attentionDistance(asAttention([map]), {grid: {rows: 1, columns: 2}, patchSize: 8})).toEqual([8]);
  });
});
