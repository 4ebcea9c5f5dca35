import type {RowToWrite} from './set-writer.js';

export interface CaptionTableOptions {
  readonly delimiter: ',' | '\t';
  /** Names of the columns. */
  readonly image: string;
  readonly caption: string;
  readonly path: (row: RowToWrite) => string;
}

/** A table with a line for each caption (and one for an image without any), by RFC 4180. */
export function captionTable(
  rows: readonly RowToWrite[],
  {delimiter, image, caption, path}: CaptionTableOptions,
): string {
  const withSplit = rows.some(({split}) => split !== null);
  const withClass = rows.some(({label}) => label !== null);
  const line = (cells: readonly string[]) =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;
  const header = line([image, caption, ...(withSplit ? ['split'] : []), ...(withClass ? ['class'] : [])]);
  const lines = rows.flatMap((row) =>
    (row.captions.length === 0 ? [''] : row.captions).map((text) =>
      line([
        path(row),
        text,
        ...(withSplit ? [row.split ?? ''] : []),
        ...(withClass ? [row.label ?? ''] : []),
      ]),
    ),
  );
  return header + lines.join('');
}

function quoted(cell: string, delimiter: string): string {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]/.test(cell) && cell.trim() === cell;
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
