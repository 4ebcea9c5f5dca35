import type {CheckedSet, CheckReport, RowProblem} from '../app/data/check-report.js';

/** What was found, set by set and problem by problem, with a few rows of each. */
export function checkText(
  report: CheckReport,
  says: Readonly<Record<string, {readonly says: string}>>,
): string {
  const {sets, bad, tokens, out} = report;
  const share = bad.of === 0 ? 0 : (100 * bad.rows) / bad.of;
  const verdict = bad.isAbove ? `more than --max-bad ${bad.most}` : `--max-bad ${bad.most}`;
  const cut = sets.some(({problems}) => problems['long-caption'] !== undefined);
  return [
    ...sets.flatMap((set) => setLines(set, report, says)),
    ...(cut && tokens.by === null ? ['tokens are estimated: --model REF counts them'] : []),
    ...(out === null ? [] : [`all problems: ${out}`]),
    `bad: ${bad.rows} of ${bad.of} rows (${share.toFixed(1)} %), ${verdict}`,
  ].join('\n');
}

/** Rows that are shown of each problem. */
const rowsShown = 3;
const kindWidth = 16;

function setLines(
  set: CheckedSet,
  {problems}: CheckReport,
  says: Readonly<Record<string, {readonly says: string}>>,
): string[] {
  const {role, path, split, rows, captions, otherFiles} = set;
  const name = `${role === 'set' ? '' : `${role} `}${path}${split === null ? '' : `#${split}`}`;
  const others = otherFiles === 0 ? '' : `, ${otherFiles} other files left out`;
  const found = Object.entries(set.problems).flatMap(([kind, count]) => [
    `  ${kind.padEnd(kindWidth)} ${String(count).padStart(6)}  ${says[kind]!.says}`,
    ...rowLines(problems.filter((one) => one.role === role && one.path === path && one.kind === kind)),
  ]);
  const remarks = set.findings.map(({kind, says: text}) => `  ${kind.padEnd(kindWidth)}         ${text}`);
  const none = found.length + remarks.length === 0 ? ['  nothing to remark'] : [];
  return [`${name}: ${rows} images, ${captions} captions${others}`, ...found, ...remarks, ...none];
}

function rowLines(problems: readonly RowProblem[]): string[] {
  const more = problems.length > rowsShown ? [`${' '.repeat(kindWidth + 11)}...`] : [];
  const lines = problems.slice(0, rowsShown).map(({place, detail, kind}) => {
    const text = kind === 'unreadable-row' ? detail : `${place}${detail === '' ? '' : `: ${detail}`}`;
    return `${' '.repeat(kindWidth + 11)}${text}`;
  });
  return [...lines, ...more];
}
