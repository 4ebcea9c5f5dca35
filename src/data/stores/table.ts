import {basename, dirname} from 'node:path';
import {defineStore} from '../file-store.js';
import {folderStore} from '../folder-files.js';
import {tableExtension} from '../layout.js';

/** A table named directly: its folder, without looking for another table. */
export default defineStore({
  name: 'table',
  accepts: 'a table (.csv, .tsv, .jsonl)',
  matches: (path, stats) => stats.isFile() && tableExtension.test(path),
  open: (path) => Promise.resolve(folderStore(dirname(path), basename(path))),
});
