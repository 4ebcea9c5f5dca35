import {describe, expect, it} from 'vitest';
import {headSimilarity} from '../../../../src/model/diagnostics/head-diversity.js';
import {headSimilarity as reference} from '../../../reference/attention.js';
import {asAttention, randomMaps} from '../../../support/attention-maps.js';

describe('headSimilarity', () => {
  it.each([2, 3, 5])('agrees with loops over pairs of %d heads', (heads) => {
    const maps = randomMaps(heads, 7, 231);
    const [found, expected] = [headSimilarity(asAttention(maps)), reference(maps)];
    expect(found.flattened).toBeCloseTo(expected.flattened, 12);
    expect(found.perQuery).toBeCloseTo(expected.perQuery, 12);
  });

  it('is 1 for equal heads and 0 for heads that look at different tokens', () => {
    const [map] = randomMaps(1, 5, 232);
    const same = headSimilarity(asAttention([map!, map!, map!]));
    expect(same.flattened).toBeCloseTo(1, 12);
    expect(same.perQuery).toBeCloseTo(1, 12);
    const apart = headSimilarity(
      asAttention([
        [
          [1, 0],
          [0, 1],
        ],
        [
          [0, 1],
          [1, 0],
        ],
      ]),
    );
    expect(apart).toEqual({flattened: 0, perQuery: 0});
  });

  it('has no value for a single head', () => {
    expect(headSimilarity(asAttention(randomMaps(1, 4, 233)))).toEqual({flattened: NaN, perQuery: NaN});
  });
});
