import type {MethodSummary} from '../app/list-methods.js';

/** One method a line: name, first paper, summary. */
export function methodListText(methods: readonly MethodSummary[]): string {
  const rows = methods.map(({name, cites, summary}) => [name, cites[0]?.paper ?? '', summary] as const);
  const width = (column: 0 | 1) => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([name, paper, summary]) => `${name.padEnd(width(0))}  ${paper.padEnd(width(1))}  ${summary}`)
    .join('\n');
}
