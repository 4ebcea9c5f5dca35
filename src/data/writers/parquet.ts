import {join} from 'node:path';
import type {SchemaElement} from 'hyparquet';
import {defineWriter, type RowToWrite} from '../set-writer.js';
import {haveKnownSplits, shardsOf} from '../written-files.js';

/** As Hugging Face's datasets writes images: a struct of bytes and path; captions are a list. */
const schema: SchemaElement[] = [
  {name: 'root', num_children: 4},
  {name: 'image', num_children: 2, repetition_type: 'OPTIONAL'},
  {name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL'},
  {name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'},
  {name: 'captions', num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST'},
  {name: 'list', num_children: 1, repetition_type: 'REPEATED'},
  {name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'},
  {name: 'class', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'},
  {name: 'split', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'},
];

const text = {dtype: 'string', _type: 'Value'};

/** The same in the words of that library. */
const features = {
  image: {_type: 'Image'},
  captions: {feature: text, _type: 'Sequence'},
  class: text,
  split: text,
};

/** Rows that are in memory together. */
const groupRows = 100;

export default defineWriter({
  name: 'parquet',
  summary:
    'shards data-00000-of-00001.parquet, ... (train-00000-of-00001.parquet with splits) with the images inside',
  sortsByName: false,
  drops: ['fields'],
  async write(request) {
    const {ParquetWriter, fileWriter} = await import('hyparquet-writer');
    const haveNames = haveKnownSplits(request.rows);
    const number = (value: number) => String(value).padStart(5, '0');
    const nameOf = (split: string | null, shard: number, count: number) =>
      `${split ?? 'data'}-${number(shard)}-of-${number(count)}.parquet`;
    for (const {name, rows} of shardsOf(request, nameOf)) {
      const file = new ParquetWriter({
        writer: fileWriter(join(request.folder, name)),
        schema,
        // encoded images do not shrink
        codec: 'UNCOMPRESSED',
        statistics: false,
        kvMetadata: [{key: 'huggingface', value: JSON.stringify({info: {features}})}],
      });
      for (let start = 0; start < rows.length; start += groupRows) {
        const group = rows.slice(start, start + groupRows);
        const images: Buffer[] = [];
        for (const {image} of group) {
          images.push(await request.read(image));
          request.onRow();
        }
        await file.write({columnData: columnsOf(group, {images, saysSplit: !haveNames})});
      }
      await file.finish();
    }
  },
});

function columnsOf(
  rows: readonly RowToWrite[],
  {images, saysSplit}: {readonly images: readonly Buffer[]; readonly saysSplit: boolean},
) {
  return [
    {name: 'image', data: rows.map(({name}, i) => ({bytes: images[i]!, path: name}))},
    {name: 'captions', data: rows.map(({captions}) => [...captions])},
    {name: 'class', data: rows.map(({label}) => label ?? undefined)},
    {name: 'split', data: rows.map(({split}) => (saysSplit ? (split ?? undefined) : undefined))},
  ];
}
