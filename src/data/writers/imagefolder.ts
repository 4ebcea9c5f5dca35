import {defineWriter, type RowToWrite} from '../set-writer.js';
import {bySplit, haveKnownSplits, putFile, putImages, telling} from '../written-files.js';

export default defineWriter({
  name: 'imagefolder',
  summary: "images and metadata.jsonl, in a folder for each split, as Hugging Face's datasets reads them",
  sortsByName: false,
  drops: [],
  async write(request) {
    const {folder, rows} = request;
    const haveFolders = haveKnownSplits(rows);
    const below = ({split}: RowToWrite) => (haveFolders ? `${split}/` : '');
    await putImages(request, (row) => below(row) + row.name);
    for (const part of haveFolders ? bySplit(rows).values() : [rows]) {
      const lines = part.map((row) => `${JSON.stringify({file_name: row.name, ...telling(row)})}\n`);
      await putFile(folder, `${below(part[0]!)}metadata.jsonl`, lines.join(''));
    }
  },
});
