import {UserError, exitCodes} from '../../support/errors.js';
import {defineLayout, present, type Fields} from '../layout.js';
import {recordOf} from '../record-fields.js';
import {utf8Text} from '../utf8-text.js';

/** One JSON object a line: `file`, `captions` or `caption`, `class`, `split` and whatever else. */
export default defineLayout({
  name: 'json-lines',
  looksFor: 'manifest.jsonl, captions.jsonl',
  find: (store) => present(store, ['manifest.jsonl', 'captions.jsonl']),
  reads: (table) => /\.jsonl$/i.test(table),
  read: async (store, table) => {
    const place = store.place(table);
    const lines = utf8Text(await store.read(table), place).split('\n');
    const records = lines.flatMap((text, i) =>
      text.trim() === '' ? [] : [recordOf(objectOf(text, `${place}: line ${i + 1}`), place, i + 1)],
    );
    return {records, skipped: {}};
  },
});

function objectOf(text: string, where: string): Fields {
  const failed = (got: string, cause?: unknown) =>
    new UserError(`${where}: expected a JSON object, got ${got}`, {exit: exitCodes.data, cause});
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw failed((error as SyntaxError).message, error);
  }
  if (Array.isArray(value)) throw failed('a list');
  if (typeof value !== 'object' || value === null) throw failed(JSON.stringify(value));
  return value as Fields;
}
