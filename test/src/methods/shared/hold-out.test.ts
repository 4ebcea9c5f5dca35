import {expect, it} from 'vitest';
import {holdOut} from '../../../../src/methods/shared/hold-out.js';

const labels = Array.from({length: 60}, (_, i) => (i < 40 ? 0 : i < 59 ? 1 : 2));

it('keeps back a share of every class, and one image of each at least to fit on', () => {
  const {fit, held} = holdOut(labels, {share: 0.25, seed: 3});
  expect([...fit, ...held].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
  const count = (label: number) => held.filter((i) => labels[i] === label).length;
  expect([count(0), count(1), count(2)]).toEqual([10, 5, 0]);
  expect(holdOut(labels, {share: 0.99, seed: 3}).fit.map((i) => labels[i])).toEqual([0, 1, 2]);
});

it('draws by the seed', () => {
  const drawn = (seed: number) => holdOut(labels, {share: 0.25, seed}).held;
  expect(drawn(3)).toEqual(drawn(3));
  expect(drawn(4)).not.toEqual(drawn(3));
});
