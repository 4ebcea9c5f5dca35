import {describe, expect, it} from 'vitest';
import {fewestHeld, holdOutPairs, mostHeld} from '../../../../src/eval/selection/hold-out-pairs.js';

describe('holdOutPairs', () => {
  it('keeps back the wanted share, each image once', () => {
    const {trained, held} = holdOutPairs(200, {share: 0.2, seed: 3});
    expect(held).toHaveLength(40);
    expect(trained).toHaveLength(160);
    expect([...trained, ...held].sort((a, b) => a - b)).toEqual(Array.from({length: 200}, (_, i) => i));
    expect(held).toEqual([...held].sort((a, b) => a - b));
  });

  it('keeps back no more than can be embedded soon', () => {
    expect(holdOutPairs(5000, {share: 0.5, seed: 0}).held).toHaveLength(mostHeld);
  });

  it('keeps back nothing when there would be too few to choose by', () => {
    const rows = Math.floor(fewestHeld / 0.2) - 3;
    expect(holdOutPairs(rows, {share: 0.2, seed: 0}).held).toEqual([]);
    expect(holdOutPairs(rows + 6, {share: 0.2, seed: 0}).held).not.toEqual([]);
    expect(holdOutPairs(100, {share: 0, seed: 0}).held).toEqual([]);
  });

  it('is decided by the seed', () => {
    const held = (seed: number) => holdOutPairs(200, {share: 0.2, seed}).held;
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });
});
