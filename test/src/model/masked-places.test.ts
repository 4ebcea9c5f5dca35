import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {uniform} from '../../../src/engine/random.js';
import {maskedPlaces} from '../../../src/model/masked-places.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const placesOf = (draws: number[][], count: number) =>
  inScope(() => maskedPlaces(tensor(draws), count).arraySync());

describe('maskedPlaces', () => {
  it('are those with the lowest draws, the first of equal ones', () => {
    const draws = [
      [0.5, 0.1, 0.9, 0.3],
      [0.2, 0.2, 0.2, 0.2],
    ];
    expect(placesOf(draws, 2)).toEqual([
      [0, 1, 0, 1],
      [1, 1, 0, 0],
    ]);
    expect(placesOf(draws, 0)).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    expect(placesOf(draws, 4)).toEqual([
      [1, 1, 1, 1],
      [1, 1, 1, 1],
    ]);
  });

  it('are as many in each row, and each place as often as any other', () => {
    const [n, p, count] = [2000, 8, 3];
    const draws = Array.from({length: n}, (_, i) => Array.from({length: p}, (_v, j) => uniform(32, i, j)));
    const places = placesOf(draws, count);
    expect(places.every((row) => row.reduce((sum, value) => sum + value, 0) === count)).toBe(true);
    // 750 of 2000, with a deviation of 22
    for (let j = 0; j < p; j++) {
      const hits = places.filter((row) => row[j] === 1).length;
      expect(Math.abs(hits - (n * count) / p)).toBeLessThan(90);
    }
  });
});
