import {chartPage, shortName} from './chart-page.js';

/** A number of a layer of a model, layers counted from 1. */
export interface LayerPoint {
  readonly model: string;
  readonly layer: number;
  readonly value: number;
}

/** A line a model over its layers, the model's name at its end. */
export async function layerChart(
  points: readonly LayerPoint[],
  {title, value}: {readonly title: string; readonly value: string},
): Promise<string> {
  const last = points.filter(
    ({model, layer}) => !points.some((other) => other.model === model && other.layer > layer),
  );
  return chartPage({
    title,
    width: 760,
    height: 400,
    options: (plot) => ({
      marginLeft: 60,
      marginRight: 200,
      marginBottom: 45,
      x: {
        label: 'layer',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: wholeTicks(points),
        tickFormat: String,
      },
      y: {label: value, grid: true, nice: true},
      color: {scheme: 'tableau10'},
      marks: [
        plot.line(points, {x: 'layer', y: 'value', z: 'model', stroke: 'model', strokeWidth: 2}),
        plot.dot(points, {x: 'layer', y: 'value', fill: 'model', r: 3}),
        plot.text(last, {
          ...{x: 'layer', y: 'value', text: ({model}: LayerPoint) => shortName(model, 26), fill: 'model'},
          ...{textAnchor: 'start', dx: 8},
        }),
      ],
    }),
  });
}

/** Every layer where there are few, else every second. */
export function wholeTicks(points: readonly LayerPoint[]): number[] {
  const layers = Math.max(...points.map(({layer}) => layer));
  const step = layers > 16 ? 2 : 1;
  return Array.from({length: Math.ceil(layers / step)}, (_, i) => 1 + i * step);
}
