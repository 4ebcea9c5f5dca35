import {UserError, exitCodes} from '../../support/errors.js';
import {readFilePart} from '../file-part.js';
import {captionMap} from '../json-shapes/caption-map.js';
import {coco} from '../json-shapes/coco.js';
import {jsonList} from '../json-shapes/json-list.js';
import {karpathy} from '../json-shapes/karpathy.js';
import {defineLayout, held, otherBytes, present} from '../layout.js';
import {storedTable} from '../stored-table.js';
import {utf8Text} from '../utf8-text.js';

const shapes = [karpathy, coco, jsonList, captionMap];

const names = [
  ...['', '_coco', '_flickr8k', '_flickr30k', '_rsicd'].map((set) => `dataset${set}.json`),
  'captions.json',
];
const cocoTables = ['train', 'val'].flatMap((part) =>
  ['2014', '2017'].map((year) => `annotations/captions_${part}${year}.json`),
);

/** A whole set in one JSON document, told apart by what is in it. */
export default defineLayout({
  name: 'json',
  looksFor: 'dataset.json, captions.json',
  find: async (store) => {
    const annotations = await held(store, cocoTables);
    return [...(await present(store, names)), ...(annotations.length === 0 ? [] : [annotations])];
  },
  reads: (table) => /\.json$/i.test(table),
  async *read(store, table, context) {
    const {part, place} = await storedTable(store, table);
    const document = parsed(utf8Text(await readFilePart(part), place, otherBytes(context)), place);
    const shape = shapes.find((candidate) => candidate.matches(document));
    if (shape === undefined) {
      const expected = shapes.map(({looksLike}) => looksLike).join(', or ');
      throw new UserError(`${place}: expected ${expected}, got ${outline(document)}`, {exit: exitCodes.data});
    }
    yield* shape.records(document, {table, place, context, anywhere: store.table !== null});
  },
});

function parsed(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UserError(`${place}: expected JSON, got ${(error as SyntaxError).message}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

/** The keys of a document, for messages. */
function outline(document: unknown): string {
  if (Array.isArray(document)) return document.length === 0 ? '[]' : 'a list of other entries';
  if (typeof document !== 'object' || document === null) return JSON.stringify(document);
  return `{${Object.keys(document)
    .slice(0, 8)
    .map((key) => JSON.stringify(key))
    .join(', ')}}`;
}
