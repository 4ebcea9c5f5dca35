import {defineStore} from '../file-store.js';
import {folderStore} from '../folder-files.js';

export default defineStore({
  name: 'folder',
  accepts: 'a folder',
  matches: (_path, stats) => stats.isDirectory(),
  open: (path) => Promise.resolve(folderStore(path)),
});
