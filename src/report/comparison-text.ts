import {comparisonTable, type ComparedRow} from './comparison-table.js';
import {differencesTable, type ComparedDifferences} from './differences-table.js';

const legend =
  'Differences in percentage points, seed by seed and image by image, with the half width of their 95 % interval over seeds and ' +
  'test images; * leaves out 0.';

/** A comparison as Markdown: what was measured, then how much better it is than before and than the first entry. */
export function comparisonText({
  rows,
  differences,
}: {
  readonly rows: readonly ComparedRow[];
  readonly differences: readonly ComparedDifferences[];
}): string {
  const tables = differences.map(differencesTable);
  return [comparisonTable(rows), ...(tables.length > 0 ? [legend, ...tables] : [])].join('\n\n');
}
