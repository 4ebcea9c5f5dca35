import {expect, it} from 'vitest';
import {roundHalfEven} from '../../../../src/data/pixels/round-half-even.js';

it('halves go to even numbers, as in Python', () => {
  expect([0.5, 1.5, 2.5, 3.5, 2.4, 2.6, 7].map(roundHalfEven)).toEqual([0, 2, 2, 4, 2, 3, 7]);
});
