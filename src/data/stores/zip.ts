import {archiveStore} from '../archive-store.js';
import {defineStore} from '../file-store.js';
import {indexZip} from '../zip-index.js';

export default defineStore({
  name: 'zip',
  accepts: 'a .zip archive',
  matches: (path, stats) => stats.isFile() && /\.zip$/i.test(path),
  open: async (path) => archiveStore(path, await indexZip(path)),
});
