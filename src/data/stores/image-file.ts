import {basename, dirname} from 'node:path';
import {defineStore} from '../file-store.js';
import {folderStore} from '../folder-files.js';
import {imageExtension} from '../stem-groups.js';

/** One image, as a set of one. */
export default defineStore({
  name: 'image-file',
  accepts: 'an image',
  matches: (path, stats) => stats.isFile() && imageExtension.test(path),
  open: (path) => {
    const folder = folderStore(dirname(path));
    const name = basename(path);
    return Promise.resolve({
      ...folder,
      list: () => Promise.resolve([name]),
      // a table beside it does not describe it
      find: (file: string) => (file === name ? folder.find(file) : Promise.resolve(undefined)),
    });
  },
});
