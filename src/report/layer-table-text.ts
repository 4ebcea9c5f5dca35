/** Numbers of layers as a table for people: one column a model, one row a layer. */
export interface LayerColumn {
  readonly heading: string;
  /** From the first layer to the last. */
  readonly cells: readonly string[];
}

/** A table of layers under a title; models may have different numbers of layers. */
export function layerTableText(title: string, columns: readonly LayerColumn[]): string {
  const layers = Math.max(...columns.map(({cells}) => cells.length));
  const widths = columns.map(({heading, cells}) =>
    Math.max(heading.length, ...cells.map((cell) => cell.length)),
  );
  const line = (first: string, cells: readonly string[]) =>
    `  ${first.padStart(5)}  ${cells.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`;
  return [
    title,
    line(
      'layer',
      columns.map(({heading}) => heading),
    ),
    ...Array.from({length: layers}, (_, layer) =>
      line(
        String(layer + 1),
        columns.map(({cells}) => cells[layer] ?? ''),
      ),
    ),
  ].join('\n');
}
