import {describe, expect, it} from 'vitest';
import {cosineShare, sharedRows} from '../../../src/losses/share-schedule.js';

describe('cosineShare', () => {
  it('begins at the start, ends at the end, and is half way in the middle', () => {
    const schedule = {start: 0.1, end: 0.5};
    expect(cosineShare(schedule, 0)).toBeCloseTo(0.1, 12);
    expect(cosineShare(schedule, 0.5)).toBeCloseTo(0.3, 12);
    expect(cosineShare(schedule, 1)).toBe(0.5);
  });

  it('rises all the way, slowest at both ends', () => {
    const shares = Array.from({length: 11}, (_, i) => cosineShare({start: 0, end: 1}, i / 10));
    const steps = shares.slice(1).map((share, i) => share - shares[i]!);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(steps.indexOf(Math.max(...steps))).toBeOneOf([4, 5]);
  });

  it('may fall too, and stays where both ends are equal', () => {
    expect(cosineShare({start: 0.8, end: 0}, 0.5)).toBeCloseTo(0.4, 12);
    expect(cosineShare({start: 0.3, end: 0.3}, 0.7)).toBe(0.3);
  });
});

it('a share covers whole rows, rounded down', () => {
  expect([0, 0.1, 0.5, 0.99, 1].map((share) => sharedRows(share, 8))).toEqual([0, 0, 4, 7, 8]);
});
