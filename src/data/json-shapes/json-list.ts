import {rowOrFault} from '../layout.js';
import {recordOf} from '../record-fields.js';
import {isObject, type JsonShape} from './shape.js';

/** A list of objects with the columns of a table: `[{"image", "caption"}]`. */
export const jsonList: JsonShape = {
  looksLike: '[{"image", "caption"}]',
  matches: (document) => Array.isArray(document) && document.every(isObject),
  *records(document, {table, place, context, anywhere}) {
    for (const [i, fields] of (document as readonly Record<string, unknown>[]).entries()) {
      yield* rowOrFault(context, () =>
        recordOf(fields, {table, where: `${place}: [${i}]`, context, anywhere}),
      );
    }
  },
};
