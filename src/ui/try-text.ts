import type {TriedSample, TryOutcome, TryReport} from '../app/try/try-run.js';
import {percent} from './format-number.js';
import {halfBlocks, type ColourDepth} from './half-blocks.js';

type Figure = TryReport['models'][number]['figures'][string];

/** Pictures that are shown. */
const shownSamples = 6;

/** What a try found, as a page for people; pictures only where the terminal has colours. */
export function tryText({report, thumbnails}: TryOutcome, depth: ColourDepth | undefined): string {
  const {images, steps, batch, budget, seed} = report;
  return [
    `${images.test} held-out drawings; ${steps} steps of ${batch} captioned ones each (${budget} budget, seed ${seed}); percent [95 % interval]`,
    ...table(report.models, figureText),
    '',
    'Differences on the same drawings: percentage points [95 % interval, paired]',
    ...table(
      report.differences.map(({better, than, figures}) => ({label: `${better} - ${than}`, figures})),
      differenceText,
    ),
    '* the interval leaves out 0',
    '',
    report.verdict,
    '',
    'Uncaptioned drawings, drawn by the seed, and the caption that transport gives them:',
    ...report.samples.slice(0, shownSamples).flatMap((sample, i) => {
      const picture = depth === undefined ? [] : halfBlocks(thumbnails[i]!, depth);
      return ['', ...beside(picture, sampleLines(sample))];
    }),
    '',
    `report: ${report.page} (opens in any browser)`,
    '',
    'Next, with images of your own:',
    ...report.next.map((command) => `  ${command}`),
  ].join('\n');
}

interface Column {
  readonly label: string;
  readonly figures: Readonly<Record<string, Figure>>;
}

/** One row a figure, one column a model or difference. */
function table(columns: readonly Column[], cell: (figure: Figure) => string): string[] {
  const names = [...new Set(columns.flatMap(({figures}) => Object.keys(figures)))];
  const lines = [
    ['', ...columns.map(({label}) => label)],
    ...names.map((name) => [
      name,
      ...columns.map(({figures}) => (figures[name] === undefined ? '' : cell(figures[name]))),
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) => `  ${line.map((text, i) => text.padEnd(widths[i]!)).join('  ')}`.trimEnd());
}

function figureText({value, ci95}: Figure): string {
  return ci95 ? `${percent(value)} [${percent(ci95[0])}, ${percent(ci95[1])}]` : percent(value);
}

function differenceText({value, ci95}: Figure): string {
  if (!ci95) return signed(value);
  const [low, high] = ci95;
  return `${signed(value)} [${signed(low)}, ${signed(high)}]${low > 0 || high < 0 ? ' *' : ''}`;
}

function signed(fraction: number): string {
  const text = percent(fraction);
  return text.startsWith('-') ? text : `+${text}`;
}

function sampleLines({image, captions}: TriedSample): string[] {
  return [
    image,
    ...captions.map(({by, lines}) => {
      const [first] = lines;
      return first ? `  ${by}: ${first.caption} (${percent(first.weight)} %)` : `  ${by}: none`;
    }),
  ];
}

/** Text to the right of a picture, from its second line on. */
function beside(picture: readonly string[], lines: readonly string[]): string[] {
  if (picture.length === 0) return [...lines];
  const height = Math.max(picture.length, lines.length + 1);
  return Array.from({length: height}, (_, i) => [picture[i], lines[i - 1]].filter((part) => part).join('  '));
}
