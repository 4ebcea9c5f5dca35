import {describe, expect, it} from 'vitest';
import {transferRate} from '../../../../src/engine/install/transfer-rate.js';

describe('the rate of a transfer', () => {
  it('is unknown at first, then bytes a second', () => {
    const rate = transferRate();
    expect(rate.sample(1000, 0)).toBe(0);
    expect(rate.sample(2000, 500)).toBe(2000);
    expect(rate.sample(5000, 1000)).toBe(4000);
  });

  it('forgets what is older than its window, so a stall shows', () => {
    const rate = transferRate(1000);
    rate.sample(0, 0);
    rate.sample(9000, 900);
    expect(rate.sample(9000, 1800)).toBe(0);
    expect(rate.sample(9100, 1900)).toBeCloseTo(100);
  });
});
