import {decodeChunk} from './parquet-cell.js';
import {asParquet, chunksOf, leafColumn, type ParquetFile} from './parquet-file.js';

/** The texts of a column, which may lie inside a struct, row by row; undefined where there is none. */
export async function* parquetTexts(
  file: ParquetFile,
  path: readonly string[],
): AsyncGenerator<string | undefined> {
  const leaf = leafColumn(file, path);
  for (const {rows, meta, range} of chunksOf(file, path)) {
    const dictionaryBytes = meta.dictionary_page_offset
      ? Number(meta.data_page_offset) - Number(meta.dictionary_page_offset)
      : 0;
    const content = await file.readRange(range);
    const values = await asParquet(file, () =>
      decodeChunk({...leaf!, codec: meta.codec}, rows, {content, dictionaryBytes}),
    );
    for (const value of values) yield typeof value === 'string' && value !== '' ? value : undefined;
  }
}
