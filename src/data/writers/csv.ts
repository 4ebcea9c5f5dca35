import {defineWriter} from '../set-writer.js';
import {captionTable} from '../caption-table.js';
import {imageFolder} from '../stem-groups.js';
import {putFile, putImages} from '../written-files.js';

export default defineWriter({
  name: 'csv',
  summary: 'images/ and captions.csv, one line a caption',
  sortsByName: false,
  drops: ['fields'],
  async write(request) {
    await putImages(request, ({name}) => imageFolder + name);
    const table = captionTable(request.rows, {
      delimiter: ',',
      image: 'file',
      caption: 'caption',
      path: ({name}) => name,
    });
    await putFile(request.folder, 'captions.csv', table);
  },
});
