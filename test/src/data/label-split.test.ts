import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {labelSplit} from '../../../src/data/label-split.js';

describe('labelSplit', () => {
  // PyTorch 2.9.1: torch.randperm(10, generator=torch.Generator().manual_seed(0))
  it('gives the permutation of PyTorch', () => {
    expect(labelSplit(10, 0.3, 0)).toEqual({labelled: [4, 1, 7], unlabelled: [5, 3, 9, 0, 8, 6, 2]});
  });

  it('gives the published subset of the remote-sensing captions', () => {
    const {labelled} = labelSplit(10911, 0.1, 0);
    expect(labelled).toHaveLength(1091);
    expect(createHash('sha256').update(labelled.join(',')).digest('hex')).toBe(
      '7a38b76f2d8d7813d705e93f72947faf36b953b623ebc4ef8afe29b2c22730b5',
    );
  });

  it('keeps trunc(n ratio) rows of a float64 product', () => {
    expect(labelSplit(100, 0.29, 1).labelled).toHaveLength(28);
    expect(labelSplit(5, 0.1, 1).labelled).toHaveLength(0);
    expect(labelSplit(5, 1, 1).unlabelled).toHaveLength(0);
  });

  it('puts every row into exactly one list', () => {
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.double({min: 0, max: 1, noNaN: true}),
        fc.nat(0xffffffff),
        (n, ratio, seed) => {
          const {labelled, unlabelled} = labelSplit(n, ratio, seed);
          expect([...labelled, ...unlabelled].sort((a, b) => a - b)).toEqual(
            Array.from({length: n}, (_, i) => i),
          );
        },
      ),
    );
  });
});
