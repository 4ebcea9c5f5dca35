import {delimitedTable} from '../delimited-table.js';
import {defineLayout, present} from '../layout.js';

export default defineLayout({
  name: 'csv',
  looksFor: 'captions.csv',
  find: (store) => present(store, ['captions.csv']),
  reads: (table) => /\.csv$/i.test(table),
  read: (store, table) => delimitedTable(store, table, ','),
});
