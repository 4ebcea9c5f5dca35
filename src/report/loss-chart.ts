import {chartPage} from './chart-page.js';

/** The value of a loss, or of a term of it, at a step. */
export interface LossPoint {
  readonly step: number;
  readonly term: string;
  readonly value: number;
}

/** Values drawn of a line: more would be a heavy picture and look the same. */
const mostPoints = 500;

/** Each term of the loss over the steps, its name at the end. */
export async function lossChart(points: readonly LossPoint[], title: string): Promise<string> {
  const terms = [...new Set(points.map(({term}) => term))];
  const lines = terms.map((term) => thinned(points.filter((point) => point.term === term)));
  const drawn = lines.flat();
  const last = apart(
    lines.map((line) => line.at(-1)!),
    nameGap * Math.max(...points.map(({value}) => value)),
  );
  return chartPage({
    title,
    width: 800,
    height: 320,
    options: (plot) => ({
      marginLeft: 60,
      marginRight: 130,
      marginBottom: 40,
      x: {label: 'step', labelAnchor: 'center', labelArrow: 'none', tickFormat: 'd'},
      y: {label: 'loss', grid: true, zero: true},
      color: {domain: terms, scheme: 'tableau10'},
      marks: [
        plot.line(drawn, {x: 'step', y: 'value', z: 'term', stroke: 'term', strokeWidth: 1.5}),
        plot.text(last, {x: 'step', y: 'value', text: 'term', fill: 'term', textAnchor: 'start', dx: 6}),
      ],
    }),
  });
}

/** Names need this share of the height. */
const nameGap = 0.06;

/** Places for names: at their values, but no two nearer than a gap. */
function apart(points: readonly LossPoint[], gap: number): LossPoint[] {
  let above = Infinity;
  return points
    .toSorted((a, b) => b.value - a.value)
    .map((point) => {
      above = Math.min(point.value, above - gap);
      return {...point, value: above};
    });
}

function thinned(line: readonly LossPoint[]): readonly LossPoint[] {
  const every = Math.ceil(line.length / mostPoints);
  return line.filter((_, i) => i % every === 0 || i === line.length - 1);
}
