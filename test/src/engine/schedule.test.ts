import {describe, expect, test} from 'vitest';
import {warmupCosine} from '../../../src/engine/schedule.js';

const options = {baseRate: 2e-3, warmupSteps: 4, totalSteps: 20};

describe('warmupCosine', () => {
  test('rises by equal amounts and reaches the base rate at the last step of the warm-up', () => {
    const rates = [0, 1, 2, 3].map((step) => warmupCosine(step, options));
    expect(rates).toEqual([0.5e-3, 1e-3, 1.5e-3, 2e-3]);
  });

  test('falls along half a cosine: the base rate, its half in the middle, just above 0 at the end', () => {
    expect(warmupCosine(4, options)).toBe(2e-3);
    expect(warmupCosine(12, options)).toBeCloseTo(1e-3, 15);
    const last = warmupCosine(19, options);
    expect(last).toBeGreaterThan(0);
    expect(last).toBeCloseTo(1e-3 * (1 - Math.cos(Math.PI / 16)), 15);
  });

  test('without a warm-up it starts at the base rate', () => {
    expect(warmupCosine(0, {...options, warmupSteps: 0})).toBe(2e-3);
  });

  test('a run shorter than its warm-up only rises', () => {
    const rates = [0, 1, 2].map((step) => warmupCosine(step, {baseRate: 1, warmupSteps: 10, totalSteps: 3}));
    expect(rates).toEqual([0.1, 0.2, 0.3]);
  });
});
