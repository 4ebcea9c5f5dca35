import {chartPage} from './chart-page.js';
import type {Figure} from './figure.js';

/** A figure of a model, to be drawn. */
export interface ChartedFigure extends Figure {
  readonly figure: string;
  readonly model: string;
}

/** A dot for each figure with a bar for its interval, models beside one another. */
export async function intervalChart(points: readonly ChartedFigure[], title: string): Promise<string> {
  const figures = [...new Set(points.map(({figure}) => figure))];
  const models = [...new Set(points.map(({model}) => model))];
  const drawn = points.map(({figure, model, value, ci95}) => ({
    figure,
    model,
    value: 100 * value,
    low: 100 * (ci95?.[0] ?? value),
    high: 100 * (ci95?.[1] ?? value),
  }));
  return chartPage({
    title,
    width: 800,
    height: 40 + figures.length * (20 + 18 * models.length),
    options: (plot) => ({
      marginLeft: 110,
      // letters are about seven pixels wide
      marginRight: 24 + 7 * Math.max(...figures.map((name) => name.length)),
      marginBottom: 40,
      x: {
        label: 'percent, with 95 % interval',
        labelAnchor: 'center',
        labelArrow: 'none',
        grid: true,
        zero: true,
      },
      y: {label: null, domain: models},
      fy: {label: null, domain: figures, axis: 'right', padding: 0.15},
      marginTop: 20,
      color: {domain: models, scheme: 'tableau10'},
      marks: [
        plot.ruleY(drawn, {
          x1: 'low',
          x2: 'high',
          y: 'model',
          fy: 'figure',
          stroke: 'model',
          strokeWidth: 3,
          strokeOpacity: 0.45,
        }),
        plot.dot(drawn, {x: 'value', y: 'model', fy: 'figure', fill: 'model', r: 4}),
      ],
    }),
  });
}
