import type {ColumnKeys} from '../support/column-keys.js';
import type {Fields} from './layout.js';
import type {SetRow} from './read-set.js';
import {captionColumns, fileColumns} from './record-fields.js';
import {classColumns, classOf} from './row-class.js';
import {rowNames} from './row-names.js';
import type {ImageRef} from './rows.js';
import type {RowToWrite, SetWriter} from './set-writer.js';

/** Columns that a format says in its own way, or makes anew. */
const ownColumns = new Set<string>([
  ...fileColumns,
  ...captionColumns,
  ...classColumns,
  ...['split', 'key', '__key__', 'id', 'imgid', 'sentids', 'sentences'],
]);

/** Gives rows the names and the form in which a format writes them. */
export async function rowsToWrite(
  rows: readonly SetRow[],
  {
    writer,
    keys,
    read,
  }: {
    readonly writer: SetWriter;
    readonly keys: ColumnKeys;
    readonly read: (image: ImageRef) => Promise<Buffer>;
  },
): Promise<readonly RowToWrite[]> {
  const images = rows.map(({image}) => image);
  const names = await rowNames(images, {inOrder: writer.sortsByName, read});
  return rows.map(({image, captions, split, fields}, i) => ({
    image,
    name: names[i]!,
    captions,
    split,
    label: classOf(fields),
    fields: otherFields(fields, keys),
  }));
}

/** What a set says of an image beside its captions, class and split. */
function otherFields(fields: Fields, {image, caption}: ColumnKeys): Fields {
  const isOwn = (column: string) =>
    ownColumns.has(column) ||
    /^captions?[ _]?\d+$/.test(column) ||
    column === image ||
    column === caption ||
    (column === 'title' && fields['filepath'] !== undefined);
  const kept = Object.entries(fields).filter(
    ([column, value]) => !isOwn(column) && value !== undefined && value !== null && value !== '',
  );
  return Object.fromEntries(kept);
}
