import {alignedTable} from './aligned-table.js';

/** A difference of two fractions. */
export interface Difference {
  readonly value: number;
  /** Half the width of its 95 % interval; undefined when nothing is known of it. */
  readonly halfWidth?: number;
}

/** How much better rows of a comparison are than one of its rows. */
export interface ComparedDifferences {
  /** The row that is subtracted. */
  readonly against: string;
  readonly rows: readonly {
    readonly label: string;
    readonly values: Readonly<Record<string, Difference>>;
  }[];
}

/** Differences as a Markdown table, in percentage points; a star marks those whose interval leaves out 0. */
export function differencesTable({against, rows}: ComparedDifferences): string {
  const metrics = [...new Set(rows.flatMap(({values}) => Object.keys(values)))];
  const body = rows.map(({label, values}) => [label, ...metrics.map((name) => differenceCell(values[name]))]);
  return alignedTable([[`minus ${against}`, ...metrics], ...body]);
}

function differenceCell(difference: Difference | undefined): string {
  if (difference === undefined) return '-';
  const {value, halfWidth} = difference;
  const points = `${value < 0 ? '' : '+'}${(100 * value).toFixed(1)}`;
  if (halfWidth === undefined) return points;
  const isTold = Math.abs(value) > halfWidth;
  return `${points} ± ${(100 * halfWidth).toFixed(1)}${isTold ? ' *' : ''}`;
}
