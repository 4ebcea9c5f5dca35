import {chartPage, shortName} from './chart-page.js';
import {wholeTicks, type LayerPoint} from './layer-chart.js';

/** A dot a head over the layers with the line of their means; one panel a model. */
export async function headChart(
  points: readonly LayerPoint[],
  {title, value}: {readonly title: string; readonly value: string},
): Promise<string> {
  const models = [...new Set(points.map(({model}) => model))];
  return chartPage({
    title,
    width: Math.max(760, 60 + 360 * models.length),
    height: 400,
    options: (plot) => ({
      marginLeft: 60,
      marginTop: 40,
      marginBottom: 45,
      fx: {label: null, domain: models, padding: 0.08, tickFormat: (model: string) => shortName(model, 40)},
      x: {
        label: 'layer',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: wholeTicks(points),
        tickFormat: String,
      },
      y: {label: value, grid: true, zero: true, nice: true},
      marks: [
        plot.frame({stroke: '#ccc'}),
        plot.dot(points, {x: 'layer', y: 'value', fx: 'model', fill: '#4e79a7', fillOpacity: 0.6, r: 3}),
        plot.lineY(
          points,
          plot.groupX({y: 'mean'}, {x: 'layer', y: 'value', fx: 'model', stroke: '#e15759', strokeWidth: 2}),
        ),
      ],
    }),
  });
}
