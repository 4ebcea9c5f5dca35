import {expect, it} from 'vitest';
import {carriedCaptionShare} from '../../../src/eval/carried-captions.js';
import type {Rows} from '../../../src/eval/inner-products.js';

/** Unit vectors at angles in degrees. */
function atAngles(...angles: number[]): Rows {
  const radians = angles.map((angle) => (angle * Math.PI) / 180);
  return {
    values: Float64Array.from(radians.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
    count: angles.length,
    dim: 2,
  };
}

it('is the share of images whose nearest other one has one of their captions', () => {
  // 0 and 10 are each other's nearest, 50 is nearest to 60 and 60 to 50, 95 to 60
  const features = atAngles(0, 10, 50, 60, 95);
  expect(carriedCaptionShare(features, [['a'], ['A '], ['b'], ['c', 'b'], ['c']])).toBe(1);
  expect(carriedCaptionShare(features, [['a'], ['b'], ['a'], ['b'], ['c']])).toBe(0);
  expect(carriedCaptionShare(features, [['a'], ['a'], ['b'], ['c'], ['d']])).toBe(0.4);
});

it('does not count an image as its own neighbour, and takes the first of equally near ones', () => {
  expect(carriedCaptionShare(atAngles(0, 90), [['a'], ['b']])).toBe(0);
  expect(carriedCaptionShare(atAngles(10, 0, 20), [['a'], ['a'], ['b']])).toBeCloseTo(2 / 3, 12);
});

it('is 0 where there is nothing to compare with', () => {
  expect(carriedCaptionShare(atAngles(), [])).toBe(0);
  expect(carriedCaptionShare(atAngles(5), [['a']])).toBe(0);
});
