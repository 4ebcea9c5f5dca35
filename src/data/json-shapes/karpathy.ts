import {rowOrFault, type Fields, type SetRecord} from '../layout.js';
import {captionsOf, failureAt, recordOf, type RowPlace} from '../record-fields.js';
import {isObject, objectsIn, type JsonShape} from './shape.js';

/**
 * Karpathy's splits of Flickr8k, Flickr30k and COCO, and what follows them (RSICD, UCM and Sydney captions):
 * `{"images": [{"filename", "filepath"?, "split", "sentences": [{"raw"}]}]}`.
 */
export const karpathy: JsonShape = {
  looksLike: '{"images": [{"filename", "sentences": [{"raw"}]}]}',
  matches: (document) => objectsIn(document, 'images')?.[0]?.['sentences'] !== undefined,
  *records(document, {table, place, context, anywhere}) {
    for (const [i, entry] of objectsIn(document, 'images')!.entries()) {
      const where = `${place}: images[${i}]`;
      yield* rowOrFault(context, () => recordAt(entry, {table, where, context, anywhere}));
    }
  },
};

function recordAt(entry: Fields, row: RowPlace): SetRecord {
  const {filepath, sentences, ...fields} = entry;
  const {where, context} = row;
  if (!Array.isArray(sentences)) throw failureAt(where)('sentences', 'a list', sentences);
  const captions = sentences.flatMap((sentence: unknown, s) => {
    const raw = isObject(sentence) ? (sentence['raw'] ?? sentence['sent']) : sentence;
    return captionsOf({caption: raw}, {}, failureAt(`${where}: sentences[${s}]`));
  });
  const record = recordOf(fields, row);
  const folder = typeof filepath === 'string' && filepath !== '' ? `${filepath}/` : '';
  return {
    ...record,
    file: folder + record.file,
    captions: context.withText ? captions : [],
    // named after the set that the document describes: dataset_rsicd.json beside RSICD_images
    folders: imageFolders,
  };
}

/** Where the sets that are told of in this way keep their images. */
const imageFolders = [
  'RSICD_images/',
  'Images/',
  'imgs/',
  'Imgs/',
  'Flicker8k_Dataset/',
  'flickr30k-images/',
];
