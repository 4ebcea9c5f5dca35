import {describe, expect, it} from 'vitest';
import {dropPathRates, layerDecayMultipliers} from '../../../src/model/depth-schedule.js';

describe('dropPathRates', () => {
  it('rise evenly from 0 to the top', () => {
    const rates = dropPathRates(5, 0.2);
    [0, 0.05, 0.1, 0.15, 0.2].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 12));
    expect(rates.at(-1)).toBe(0.2);
  });

  it('never drop a single block, and drop none at rate 0', () => {
    expect(dropPathRates(1, 0.3)).toEqual([0]);
    expect(dropPathRates(3, 0)).toEqual([0, 0, 0]);
  });
});

describe('layerDecayMultipliers', () => {
  it('are 1 for the head, and less by the factor for every layer below', () => {
    const multipliers = layerDecayMultipliers(3, 0.5);
    expect(multipliers).toEqual([1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]);
  });

  it('are all 1 without decay', () => {
    expect(layerDecayMultipliers(2, 1)).toEqual([1, 1, 1, 1]);
  });
});
