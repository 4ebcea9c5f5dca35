import {archiveStore} from '../archive-store.js';
import {defineStore} from '../file-store.js';
import {indexTar} from '../tar-index.js';

export default defineStore({
  name: 'tar',
  accepts: 'a .tar archive',
  matches: (path, stats) => stats.isFile() && /\.(tar|tgz|tar\.\w+)$/i.test(path),
  open: async (path) => archiveStore(path, await indexTar(path)),
});
