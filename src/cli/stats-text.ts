import type {StatsReport} from '../app/data/stats.js';

type Spread = StatsReport['captions']['words'];

/** What a set is like, with bars of text. */
export function statsText(report: StatsReport): string {
  const {path, split, rows, missing, unreadableRows, captions, tokens, images, classes, splits} = report;
  const faults = [
    ...(missing === 0 ? [] : [`${missing} missing`]),
    ...(unreadableRows === 0 ? [] : [`${unreadableRows} rows that make no sense`]),
    ...(images.unreadable === 0 ? [] : [`${images.unreadable} that are no images`]),
  ];
  const counted = tokens.by === null ? 'estimated' : `by ${tokens.by}`;
  return [
    `${path}${split === null ? '' : `#${split}`}: ${rows} images${faults.length === 0 ? '' : ` (${faults.join(', ')})`}`,
    ...(captions.captions === 0 ? ['no captions'] : captionLines(report, counted)),
    `images: ${images.read} headers read`,
    ...spreadLines('shorter side', images.shortSide),
    ...spreadLines('longer side', images.longSide),
    ...barLines('longer side to shorter', images.aspects),
    ...barLines('formats', images.formats),
    ...barLines('splits', splits),
    ...barLines(classes.length > classesShown ? `classes (${classes.length})` : 'classes', classes),
    ...(report.out === null ? [] : [`charts: ${report.out}`]),
  ].join('\n');
}

function captionLines({captions, tokens}: StatsReport, counted: string): string[] {
  const long = captions.tooLong === 0 ? '' : `, ${captions.tooLong} above ${tokens.context}`;
  return [
    `captions: ${captions.captions}, ${captions.distinct} different, ${captions.vocabulary} different words`,
    ...spreadLines('captions an image', captions.perImage),
    ...spreadLines('words', captions.words),
    ...spreadLines(`tokens (${counted}${long})`, captions.tokens),
    ...captions.repeated.map(({caption, count}) => `  ${count} times: ${caption.slice(0, 80)}`),
  ];
}

const barWidth = 40;
const classesShown = 20;
const labelWidth = 22;

/** A line with the spread, and a histogram of one line. */
function spreadLines(name: string, {summary, bins}: Spread): string[] {
  if (summary === null) return [];
  const {least, median, mean, p95, most} = summary;
  const numbers = `${least} to ${most}, median ${median}, mean ${mean.toFixed(1)}, 95 % up to ${p95}`;
  const tallest = Math.max(...bins.map(({count}) => count));
  const blocks = bins.map(({count}) => blockOf(count / tallest)).join('');
  const end = bins.at(-1)!;
  const last = end.isOpen === true ? `${end.from} and more` : `${most}`;
  return [`  ${name}: ${numbers}`, `    ${least} ${blocks} ${last}`];
}

const heights = [...' ▁▂▃▄▅▆▇█'];

function blockOf(share: number): string {
  return heights[Math.ceil(share * (heights.length - 1))]!;
}

function barLines(title: string, counted: StatsReport['classes']): string[] {
  if (counted.length === 0) return [];
  const tallest = Math.max(...counted.map(({count}) => count));
  const bars = counted.slice(0, classesShown).map(({name, count}) => {
    const bar = '█'.repeat(Math.max(count > 0 ? 1 : 0, Math.round((barWidth * count) / tallest)));
    return `    ${name.slice(0, labelWidth).padEnd(labelWidth)} ${String(count).padStart(7)} ${bar}`;
  });
  const more = counted.length > classesShown ? [`    ... ${counted.length - classesShown} more`] : [];
  return [`  ${title}`, ...bars, ...more];
}
