import {captionsOf, failureAt, recordOf} from '../record-fields.js';
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
      const {filepath, sentences, ...fields} = entry;
      const fail = failureAt(where);
      if (!Array.isArray(sentences)) throw fail('sentences', 'a list', sentences);
      const captions = sentences.flatMap((sentence: unknown, s) => {
        const raw = isObject(sentence) ? (sentence['raw'] ?? sentence['sent']) : sentence;
        return captionsOf({caption: raw}, {}, failureAt(`${where}: sentences[${s}]`));
      });
      const record = recordOf(fields, {table, where, context, anywhere});
      const folder = typeof filepath === 'string' && filepath !== '' ? `${filepath}/` : '';
      yield {
        ...record,
        file: folder + record.file,
        captions: context.withText ? captions : [],
        // named after the set that the document describes: dataset_rsicd.json beside RSICD_images
        folders: imageFolders,
      };
    }
  },
};

/** Where the sets that are told of in this way keep their images. */
const imageFolders = [
  'RSICD_images/',
  'Images/',
  'imgs/',
  'Imgs/',
  'Flicker8k_Dataset/',
  'flickr30k-images/',
];
