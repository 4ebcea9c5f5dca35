const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Values as a line of bars, averaged into at most `width` columns; lowest and highest value fill the range. */
export function sparkline(values: readonly number[], width: number): string {
  const columns = averaged(values.filter(Number.isFinite), width);
  if (columns.length === 0) return '';
  const low = Math.min(...columns);
  const span = Math.max(...columns) - low;
  return columns
    .map((value) => bars[span === 0 ? 0 : Math.round(((value - low) / span) * (bars.length - 1))]!)
    .join('');
}

function averaged(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({length: width}, (_, column) => {
    const from = Math.floor((column * values.length) / width);
    const to = Math.floor(((column + 1) * values.length) / width);
    return values.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  });
}
