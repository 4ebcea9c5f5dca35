import {basename, dirname} from 'node:path';
import {defineStore} from '../file-store.js';
import {folderStore} from '../folder-files.js';
import {imageExtension} from '../image-tree.js';

/** One image, as a set of one. */
export default defineStore({
  name: 'image-file',
  accepts: 'an image',
  matches: (path, stats) => stats.isFile() && imageExtension.test(path),
  open: (path) =>
    Promise.resolve({
      ...folderStore(dirname(path)),
      list: () => Promise.resolve([basename(path)]),
      // a table beside it does not describe it
      size: async (file: string) =>
        file === basename(path) ? folderStore(dirname(path)).size(file) : undefined,
    }),
});
