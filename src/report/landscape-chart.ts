import {chartPage, shortName} from './chart-page.js';

/** The loss of a model at a place of its landscape. */
export interface LandscapePoint {
  readonly model: string;
  /** Steps along the two directions; 0, 0 is the model itself. */
  readonly a: number;
  readonly b: number;
  readonly loss: number;
}

/** Contour lines of the loss around each model, all models in one scale of colours. */
export async function landscapeChart(points: readonly LandscapePoint[], title: string): Promise<string> {
  const named = points.map((point) => ({...point, panel: panelName(point.model, points)}));
  const panels = [...new Set(named.map(({panel}) => panel))];
  const range = Math.max(...points.map(({a}) => a));
  return chartPage({
    title,
    width: 90 + panelSize * panels.length,
    height: panelSize + 100,
    options: (plot) => ({
      marginLeft: 60,
      marginTop: 40,
      marginBottom: 60,
      fx: {label: null, domain: panels, padding: 0.06},
      x: {...axis('first direction'), domain: [-range, range]},
      y: {...axis('second direction'), domain: [-range, range]},
      color: {scheme: 'viridis'},
      marks: [
        plot.contour(named, {
          ...{x: 'a', y: 'b', fx: 'panel', fill: 'loss', stroke: 'white', strokeOpacity: 0.4},
          ...{interpolate: 'barycentric', blur: 1, thresholds: 14},
        }),
        plot.dot(
          panels.map((panel) => ({panel})),
          {x: () => 0, y: () => 0, fx: 'panel', fill: 'white', stroke: 'black', r: 4},
        ),
      ],
    }),
  });
}

const panelSize = 400;

function axis(label: string) {
  return {label, labelAnchor: 'center', labelArrow: 'none', ticks: 5} as const;
}

/** The model with its lowest and highest loss. */
function panelName(model: string, points: readonly LandscapePoint[]): string {
  const losses = points.filter((point) => point.model === model).map(({loss}) => loss);
  return `${shortName(model, 26)}: ${Math.min(...losses).toFixed(2)} to ${Math.max(...losses).toFixed(2)}`;
}
