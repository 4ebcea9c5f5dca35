import {captionTable} from '../caption-table.js';
import {defineWriter} from '../set-writer.js';
import {imageFolder} from '../stem-groups.js';
import {putFile, putImages} from '../written-files.js';

export default defineWriter({
  name: 'open-clip',
  summary: 'images/ and captions.csv with tabs, filepath and title, as open_clip reads it',
  sortsByName: false,
  drops: ['fields'],
  async write(request) {
    const path = ({name}: {readonly name: string}) => imageFolder + name;
    await putImages(request, path);
    const table = captionTable(request.rows, {delimiter: '\t', image: 'filepath', caption: 'title', path});
    await putFile(request.folder, 'captions.csv', table);
  },
});
