import {expect, it} from 'vitest';
import type {Rows} from '../../../src/eval/inner-products.js';
import {nearestOthers} from '../../../src/eval/nearest-others.js';

/** Unit vectors of the plane at angles in degrees. */
function atAngles(...angles: number[]): Rows {
  const radians = angles.map((angle) => (angle * Math.PI) / 180);
  return {
    values: Float64Array.from(radians.flatMap((angle) => [Math.cos(angle), Math.sin(angle)])),
    count: angles.length,
    dim: 2,
  };
}

it('is the most similar other row, and the first of equally similar ones', () => {
  expect([...nearestOthers(atAngles(0, 10, 50, 60, 95))]).toEqual([1, 0, 3, 2, 3]);
  expect([...nearestOthers(atAngles(10, 0, 20))]).toEqual([1, 0, 0]);
});

it('is the row itself where there is no other', () => {
  expect([...nearestOthers(atAngles(5))]).toEqual([0]);
  expect([...nearestOthers(atAngles())]).toEqual([]);
});
