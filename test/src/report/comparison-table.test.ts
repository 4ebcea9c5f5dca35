import {describe, expect, it} from 'vitest';
import {comparisonTable} from '../../../src/report/comparison-table.js';
import {mean, seedHalfWidth} from '../../../src/report/seed-interval.js';

describe('seedHalfWidth', () => {
  it('is Student’s t interval of the mean', () => {
    // 1, 2, 3: standard deviation 1, t(2) = 4.303
    expect(seedHalfWidth([1, 2, 3])).toBeCloseTo(4.303 / Math.sqrt(3), 10);
    expect(mean([1, 2, 3])).toBe(2);
  });

  it('does not exist for one seed', () => {
    expect(seedHalfWidth([0.5])).toBeUndefined();
  });
});

describe('comparisonTable', () => {
  it('shows percent with half widths, dashes where nothing was measured', () => {
    const table = comparisonTable([
      {label: 'before', seeds: 1, values: {acc: [0.25]}, seconds: []},
      {label: 'clip', seeds: 2, values: {acc: [0.3, 0.4], r1: [0.1, 0.1]}, seconds: [9, 11]},
    ]);
    expect(table.split('\n')).toEqual([
      '| method | seeds | acc         | r1         | seconds |',
      '| ------ | ----- | ----------- | ---------- | ------- |',
      '| before | 1     | 25.0        | -          | -       |',
      '| clip   | 2     | 35.0 ± 63.5 | 10.0 ± 0.0 | 10      |',
    ]);
  });
});
