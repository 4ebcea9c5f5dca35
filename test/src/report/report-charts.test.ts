import {describe, expect, it} from 'vitest';
import {differenceText, figureText, verdict} from '../../../src/report/figure.js';
import {intervalChart} from '../../../src/report/interval-chart.js';
import {lossChart} from '../../../src/report/loss-chart.js';

describe('figures', () => {
  it('are written in percent with their interval, differences with signs', () => {
    expect(figureText({value: 0.1234, ci95: [0.1, 0.15]})).toBe('12.3 [10.0, 15.0]');
    expect(figureText({value: 0.5})).toBe('50.0');
    expect(differenceText({value: -0.02, ci95: [-0.05, 0.01]})).toBe('-2.0 [-5.0, +1.0]');
  });

  it('are better or worse only when the interval leaves out 0', () => {
    expect(verdict({value: 0.1, ci95: [0.01, 0.2]})).toBe('better');
    expect(verdict({value: -0.1, ci95: [-0.2, -0.01]})).toBe('worse');
    expect(verdict({value: 0.1, ci95: [-0.01, 0.2]})).toBe('open');
    expect(verdict({value: 0.1})).toBe('open');
  });
});

describe('charts', () => {
  it('have a dot for each figure of each model, and its name', async () => {
    const points = ['before', 'after'].flatMap((model) =>
      ['R@1', 'R@5'].map((figure) => ({model, figure, value: 0.2, ci95: [0.1, 0.3] as const})),
    );
    const svg = await intervalChart(points, 'Title');
    expect(svg.match(/<circle /g)).toHaveLength(4);
    for (const text of ['Title', 'before', 'after', 'R@1', 'R@5']) expect(svg).toContain(`>${text}<`);
  });

  it('draw a line a term, with names that do not lie on one another', async () => {
    const terms = ['loss', 'contrastive', 'caption'];
    const points = terms.flatMap((term) =>
      [1, 2, 3].map((step) => ({term, step, value: term === 'loss' ? 4 : 2})),
    );
    const svg = await lossChart(points, 'Losses');
    const places = terms.map((term) =>
      Number(new RegExp(`translate\\([\\d.]+,([\\d.]+)\\)"[^>]*>${term}<`).exec(svg)![1]),
    );
    const sorted = places.toSorted((a, b) => a - b);
    expect(sorted[1]! - sorted[0]!).toBeGreaterThan(10);
    expect(sorted[2]! - sorted[1]!).toBeGreaterThan(10);
  });
});
