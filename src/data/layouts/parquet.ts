import type {ColumnKeys} from '../../support/column-keys.js';
import {
  defineLayout,
  metadataTables,
  rowOrFault,
  splitOfTable,
  type Fields,
  type ReadContext,
  type SetRecord,
} from '../layout.js';
import {imageColumn, pathColumn} from '../parquet/image-column.js';
import {brokenParquet, openParquet, type ParquetFile} from '../parquet/parquet-file.js';
import {parquetImages} from '../parquet/parquet-images.js';
import {describingColumns, parquetRows} from '../parquet/parquet-rows.js';
import {parquetTexts} from '../parquet/parquet-texts.js';
import {
  captionsOf,
  checkKeys,
  failureAt,
  fileColumnOf,
  fileColumns,
  recordOf,
  splitOf,
} from '../record-fields.js';
import {storedTable} from '../stored-table.js';

/** Columns that tell one row from another where the image has no path. */
const keyColumns = ['key', '__key__', 'id', 'image_id'] as const;

/** Rows with the bytes of an image ({bytes, path}, or bytes alone), or with its path. */
export default defineLayout({
  name: 'parquet',
  looksFor: 'metadata.parquet',
  find: (store) => metadataTables(store, 'metadata.parquet'),
  reads: (table) => /\.parquet$/i.test(table),
  async *read(store, table, context) {
    const {place, ...stored} = await storedTable(store, table);
    const file = await openParquet(stored, place);
    const names = file.columns.map(({element}) => element.name);
    checkKeys(names, context.keys, place);
    const bytes = imageColumn(file, context.keys);
    const columns = columnsFor(file, context);
    if (bytes !== null) {
      yield* byteRecords(file, bytes, {table, context, columns, path: stored.part.path});
      return;
    }
    let row = 0;
    for await (const fields of parquetRows(file, columns)) {
      const where = `${place}: row ${++row}`;
      yield* rowOrFault(context, () =>
        recordOf(fields, {table, where, context, anywhere: store.table !== null}),
      );
    }
  },
});

interface ByteRows {
  readonly table: string;
  readonly context: ReadContext;
  readonly columns: readonly string[];
  /** The file on disk that holds the parquet file. */
  readonly path: string;
}

async function* byteRecords(
  file: ParquetFile,
  bytes: readonly string[],
  {table, context, columns, path}: ByteRows,
): AsyncGenerator<SetRecord> {
  const beside = pathColumn(file, bytes);
  const texts = beside && parquetTexts(file, beside);
  const told = parquetRows(file, columns);
  let row = 0;
  for await (const image of parquetImages(file, bytes)) {
    const where = `${file.place}: row ${++row}`;
    const fields = (await told.next()).value as Fields;
    const name = (await texts?.next())?.value as string | undefined;
    const fail = failureAt(where);
    yield* rowOrFault(context, () => {
      if (image === null) throw brokenParquet(where, `an image in ${bytes.join('.')}`, 'none');
      return {
        file: name ?? nameIn(fields, context.keys) ?? `row ${row}`,
        captions: context.withText ? captionsOf(fields, context.keys, fail) : [],
        split: splitOf(fields, fail) ?? splitOfTable(table),
        fields: context.withText ? fields : {},
        embedded: {bytes: image.bytes, part: {path, cell: image.cell}},
      };
    });
  }
}

/** Everything that a row says; for a pool of images only what names the image and its split. */
function columnsFor(file: ParquetFile, {keys, withText}: ReadContext): readonly string[] {
  const columns = describingColumns(file);
  const needed = [keys.image, 'split', ...fileColumns, ...keyColumns];
  return withText ? columns : columns.filter((column) => needed.includes(column));
}

function nameIn(fields: Fields, keys: ColumnKeys): string | undefined {
  const column = fileColumnOf(fields, keys) ?? keyColumns.find((name) => fields[name] !== undefined);
  const value = column === undefined ? undefined : fields[column];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
