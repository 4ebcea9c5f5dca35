import {expect, it} from 'vitest';
import {carriedCaptionShare} from '../../../src/eval/carried-captions.js';

it('is the share of images whose nearest other one has one of their captions', () => {
  const nearest = Int32Array.of(1, 0, 3, 2, 3);
  expect(carriedCaptionShare(nearest, [['a'], ['A '], ['b'], ['c', 'b'], ['c']])).toBe(1);
  expect(carriedCaptionShare(nearest, [['a'], ['b'], ['a'], ['b'], ['c']])).toBe(0);
  expect(carriedCaptionShare(nearest, [['a'], ['a'], ['b'], ['c'], ['d']])).toBe(0.4);
});

it('is 0 where there is nothing to compare with', () => {
  expect(carriedCaptionShare(Int32Array.of(), [])).toBe(0);
  expect(carriedCaptionShare(Int32Array.of(0), [['a']])).toBe(0);
});
