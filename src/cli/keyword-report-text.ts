import type {KeywordReport} from '../app/keywords-extract.js';

/** Why phrases were left out, as people say it. */
const reasons = {
  repeated: 'inflections of a better one',
  truncated: 'cut off',
  short: 'too short',
  rare: 'in too few captions',
  common: 'in too many captions',
} as const;

/** A keyword list for people: one a line with its captions, then what it covers and what was left out. */
export function keywordReportText(report: KeywordReport): string {
  const {keywords, captions, covered, perCaption, dropped, method} = report;
  const width = Math.max('keyword'.length, ...keywords.map(({keyword}) => keyword.length));
  const lines = keywords.map(
    ({keyword, count, share}) =>
      `${keyword.padEnd(width)}  ${String(count).padStart(8)}  ${percent(share).padStart(7)}`,
  );
  const out = Object.entries(dropped ?? {}).filter(([, count]) => count > 0);
  return [
    `${'keyword'.padEnd(width)}  captions    share`,
    ...lines,
    '',
    `${keywords.length} keywords (${method}) of ${captions} captions: ${percent(covered / captions)} hold one or more, ` +
      `${perCaption.toFixed(2)} each on average`,
    ...(out.length > 0
      ? [`left out: ${out.map(([reason, count]) => leftOut(reason, count)).join(', ')}`]
      : []),
    ...(report.vocabulary === 'oracle'
      ? ['oracle vocabulary: these are the names of the classes that zero-shot evaluation asks for']
      : []),
  ].join('\n');
}

function leftOut(reason: string, count: number): string {
  return `${count} ${reasons[reason as keyof typeof reasons]}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
