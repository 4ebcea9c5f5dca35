import {defineWriter, type RowToWrite} from '../set-writer.js';
import {sidecarsOf, stemOf} from '../sidecars.js';
import {haveKnownSplits, putFile, putImages} from '../written-files.js';

export default defineWriter({
  name: 'pairs',
  summary: 'x.jpg with x.txt (one caption a line) and x.json where there is more to say',
  sortsByName: true,
  drops: [],
  async write(request) {
    const {folder, rows} = request;
    const haveFolders = haveKnownSplits(rows);
    const below = ({split}: RowToWrite) => (haveFolders ? `${split}/` : '');
    await putImages(request, (row) => below(row) + row.name);
    for (const row of rows) {
      for (const [extension, content] of sidecarsOf(row, {saysSplit: !haveFolders})) {
        await putFile(folder, `${below(row)}${stemOf(row)}.${extension}`, content);
      }
    }
  },
});
