import {expect, it} from 'vitest';
import {comparisonText} from '../../../src/report/comparison-text.js';

const rows = [
  {label: 'before', seeds: 1, values: {acc: [0.25]}, seconds: []},
  {label: 'clip', seeds: 1, values: {acc: [0.3]}, seconds: [9]},
];

it('puts differences below what was measured, with a star where the interval leaves out 0', () => {
  const differences = [
    {
      against: 'before',
      rows: [
        {label: 'clip', values: {acc: {value: 0.05, halfWidth: 0.02}, r1: {value: -0.01, halfWidth: 0.02}}},
        {label: 's-clip', values: {acc: {value: -0.031, halfWidth: 0.03}}},
        {label: 'lit', values: {acc: {value: 0}}},
      ],
    },
  ];
  const [table, legend, below] = comparisonText({rows, differences}).split('\n\n');
  expect(table!.split('\n')).toHaveLength(4);
  expect(legend).toMatch(/^Differences in percentage points, seed by seed and image by image/);
  expect(below!.split('\n')).toEqual([
    '| minus before | acc          | r1         |',
    '| ------------ | ------------ | ---------- |',
    '| clip         | +5.0 ± 2.0 * | -1.0 ± 2.0 |',
    '| s-clip       | -3.1 ± 3.0 * | -          |',
    '| lit          | +0.0         | -          |',
  ]);
});

it('is the table alone where nothing was compared', () => {
  expect(comparisonText({rows, differences: []})).not.toContain('Differences');
});
