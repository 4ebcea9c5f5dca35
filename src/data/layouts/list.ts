import {insidePath, printablePath} from '../inside-path.js';
import {defineLayout} from '../layout.js';
import {storedTable} from '../stored-table.js';
import {utf8Lines} from '../utf8-text.js';

/** Paths of images, one a line, relative to the list or absolute; only where the user names the list itself. */
export default defineLayout({
  name: 'list',
  looksFor: '',
  find: () => Promise.resolve([]),
  reads: (table) => /\.(txt|lst)$/i.test(table),
  async *read(store, table) {
    const {part, place} = await storedTable(store, table);
    const checked = store.table === null ? insidePath : printablePath;
    for await (const {text, line} of utf8Lines(part, place)) {
      const written = text.trim();
      if (written === '') continue;
      yield {file: checked(written, `${place}: line ${line}`), captions: [], split: null, fields: {}};
    }
  },
});
