import {jsonObject} from '../json-object.js';
import {defineLayout, metadataTables, otherBytes, present, rowOrFault} from '../layout.js';
import {recordOf} from '../record-fields.js';
import {storedTable} from '../stored-table.js';
import {utf8Lines} from '../utf8-text.js';

/** One JSON object a line: `file`, `captions` or `caption`, `class`, `split` and whatever else. */
export default defineLayout({
  name: 'json-lines',
  looksFor: 'manifest.jsonl, captions.jsonl, metadata.jsonl',
  find: async (store) => [
    ...(await present(store, ['manifest.jsonl', 'captions.jsonl'])),
    ...(await metadataTables(store, 'metadata.jsonl')),
  ],
  reads: (table) => /\.jsonl$/i.test(table),
  async *read(store, table, context) {
    const {part, place} = await storedTable(store, table);
    for await (const {text, line} of utf8Lines(part, place, otherBytes(context))) {
      if (text.trim() === '') continue;
      const where = `${place}: line ${line}`;
      yield* rowOrFault(context, () =>
        recordOf(jsonObject(text, where), {table, where, context, anywhere: store.table !== null}),
      );
    }
  },
});
