import {basename, dirname} from 'node:path';
import {defineStore} from '../file-store.js';
import {folderStore} from '../folder-files.js';
import {tableExtension, tableExtensions} from '../layout.js';

/** A table or list named directly: its folder, without looking for another table. */
export default defineStore({
  name: 'table',
  accepts: `a table (${tableExtensions.map((extension) => `.${extension}`).join(', ')})`,
  matches: (path, stats) => stats.isFile() && tableExtension.test(path),
  open: (path) => Promise.resolve(folderStore(dirname(path), {table: basename(path)})),
});
