import {chartPage} from './chart-page.js';
import {escapeXml, svgDocument, textAt} from './svg-text.js';

/** A bar of a histogram; an open one holds all larger numbers too. */
export interface PanelBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly isOpen?: true;
}

/** One small chart: a histogram of numbers, or bars by name. */
export type Panel =
  | {
      readonly title: string;
      /** What the numbers are. */
      readonly x: string;
      readonly bins: readonly PanelBin[];
      /** A number that is marked by a line. */
      readonly line?: number;
    }
  | {
      readonly title: string;
      readonly bars: readonly {readonly name: string; readonly count: number}[];
    };

const panelWidth = 480;
const gap = 16;
const headHeight = 44;
const barHeight = 18;

/** Small charts in two columns under a title, as one SVG document. */
export async function panelPage(title: string, panels: readonly Panel[]): Promise<string> {
  const charts = [];
  for (const panel of panels) charts.push(await ('bars' in panel ? barChart(panel) : histogram(panel)));
  const bottoms = [headHeight, headHeight];
  const placed = charts.map(({svg, height}) => {
    const column = bottoms[0]! <= bottoms[1]! ? 0 : 1;
    const y = bottoms[column]!;
    bottoms[column] = y + height + gap;
    return svg.replace('<svg ', `<svg x="${column * (panelWidth + gap)}" y="${y}" `);
  });
  const width = 2 * panelWidth + gap;
  const head = textAt(gap, 28, {text: title, size: 17, width: width - 2 * gap});
  return svgDocument(width, Math.max(...bottoms), [head, ...placed]);
}

interface DrawnPanel {
  readonly svg: string;
  readonly height: number;
}

/** Room that {@link chartPage} takes for the title of a chart. */
const titleHeight = 40;

async function histogram(panel: Extract<Panel, {bins: unknown}>): Promise<DrawnPanel> {
  const {title, x, bins, line} = panel;
  const height = 220;
  const svg = await chartPage({
    ...{title, width: panelWidth, height},
    options: (plot) => ({
      ...{marginLeft: 55, marginBottom: 40},
      x: {
        label: `${x}${bins.at(-1)!.isOpen === true ? ' (last bar: and more)' : ''}`,
        labelAnchor: 'center',
        labelArrow: 'none',
      },
      y: {label: null, grid: true, nice: true},
      marks: [
        plot.rectY(bins, {x1: 'from', x2: 'to', y: 'count', fill: '#4e79a7', inset: 0.5}),
        ...(line === undefined || line > bins.at(-1)!.to
          ? []
          : [plot.ruleX([line], {stroke: '#e15759', strokeWidth: 2})]),
        plot.ruleY([0]),
      ],
    }),
  });
  return {svg, height: height + titleHeight};
}

async function barChart({title, bars}: Extract<Panel, {bars: unknown}>): Promise<DrawnPanel> {
  const height = 50 + bars.length * barHeight;
  const svg = await chartPage({
    ...{title, width: panelWidth, height},
    options: (plot) => ({
      ...{marginLeft: 150, marginRight: 50, marginTop: 10, marginBottom: 30},
      x: {label: null, grid: true, nice: true},
      y: {label: null, domain: bars.map(({name}) => name), tickFormat: shortened, tickSize: 0},
      marks: [
        plot.barX(bars, {x: 'count', y: 'name', fill: '#4e79a7'}),
        plot.text(bars, {x: 'count', y: 'name', text: 'count', textAnchor: 'start', dx: 4}),
      ],
    }),
  });
  return {svg, height: height + titleHeight};
}

function shortened(name: string): string {
  return name.length <= 20 ? name : `${name.slice(0, 19)}…`;
}

/** A page that holds an SVG and refers to nothing else. */
export function svgInHtml(title: string, svg: string): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeXml(title)}</title>`,
    '<style>body { margin: 1rem; } svg { max-width: 100%; height: auto; }</style>',
    svg,
    '</html>',
    '',
  ].join('\n');
}
