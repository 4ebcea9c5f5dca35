import {describe, expect, it} from 'vitest';
import {translationConsistency} from '../../../../src/model/diagnostics/translation-consistency.js';
import {translationConsistency as reference} from '../../../reference/attention.js';
import type {Matrix} from '../../../reference/matrix.js';
import {asAttention, randomMaps} from '../../../support/attention-maps.js';

describe('translationConsistency', () => {
  const grid = {rows: 2, columns: 3};

  it('agrees with loops over every offset, head by head', () => {
    const maps = randomMaps(3, 7, 251);
    const found = translationConsistency(asAttention(maps), grid);
    maps.forEach((map, head) => expect(found[head]).toBeCloseTo(reference(map, 2, 3), 12));
  });

  it('is 0 where attention depends on the offset alone, more where it depends on the place', () => {
    const place = (token: number) => [Math.floor((token - 1) / 3), (token - 1) % 3] as const;
    const map = (weight: (query: number, key: number) => number): Matrix =>
      Array.from({length: 7}, (_, q) => Array.from({length: 7}, (_, k) => (q && k ? weight(q, k) : 0.5)));
    const byOffset = map((q, k) => {
      const [[y, x], [v, u]] = [place(q), place(k)];
      return Math.exp(y - v + 2 * (x - u));
    });
    const byKey = map((_, key) => key / 21);
    expect(translationConsistency(asAttention([byOffset]), grid)[0]).toBeCloseTo(0, 12);
    expect(translationConsistency(asAttention([byKey]), grid)[0]).toBeGreaterThan(0.001);
  });
});
