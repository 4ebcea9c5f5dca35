import {defineWriter} from '../set-writer.js';
import {imageFolder} from '../stem-groups.js';
import {putFile, putImages, telling} from '../written-files.js';

export default defineWriter({
  name: 'json-lines',
  summary: 'images/ and manifest.jsonl, one object an image',
  sortsByName: false,
  drops: [],
  async write(request) {
    await putImages(request, ({name}) => imageFolder + name);
    const lines = request.rows.map((row) => `${JSON.stringify({file: row.name, ...telling(row)})}\n`);
    await putFile(request.folder, 'manifest.jsonl', lines.join(''));
  },
});
