import {delimitedTable} from '../delimited-table.js';
import {defineLayout, metadataTables, present} from '../layout.js';

/** Commas, or tabs where the header line has them, as in open_clip's tables. */
export default defineLayout({
  name: 'csv',
  looksFor: 'captions.csv, metadata.csv',
  find: async (store) => [
    ...(await present(store, ['captions.csv'])),
    ...(await metadataTables(store, 'metadata.csv')),
  ],
  reads: (table) => /\.csv$/i.test(table),
  read: (store, table, context) => delimitedTable(store, table, {delimiter: 'auto', context}),
});
