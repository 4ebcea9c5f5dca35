import {delimitedTable} from '../delimited-table.js';
import {defineLayout, present} from '../layout.js';

export default defineLayout({
  name: 'tsv',
  looksFor: 'captions.tsv',
  find: (store) => present(store, ['captions.tsv']),
  reads: (table) => /\.tsv$/i.test(table),
  read: (store, table, context) => delimitedTable(store, table, {delimiter: '\t', context}),
});
