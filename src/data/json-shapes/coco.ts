import {printablePath, insidePath} from '../inside-path.js';
import {rowOrFault, type Fields} from '../layout.js';
import {captionsOf, failureAt} from '../record-fields.js';
import {canonicalSplit} from '../splits.js';
import {objectsIn, type JsonShape} from './shape.js';

/** COCO captions: `{"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}`. */
export const coco: JsonShape = {
  looksLike: '{"images": [{"id", "file_name"}], "annotations": [{"image_id", "caption"}]}',
  matches: (document) =>
    objectsIn(document, 'images')?.[0]?.['file_name'] !== undefined &&
    objectsIn(document, 'annotations') !== undefined,
  *records(document, {table, place, context, anywhere}) {
    const images = objectsIn(document, 'images')!;
    const captions = new Map<unknown, string[]>(images.map(({id}) => [id, []]));
    for (const [i, annotation] of objectsIn(document, 'annotations')!.entries()) {
      const fail = failureAt(`${place}: annotations[${i}]`);
      rowOrFault(context, () => {
        const known = captions.get(annotation['image_id']);
        if (known === undefined) throw fail('image_id', 'the id of an image', annotation['image_id']);
        known.push(...captionsOf(annotation, context.keys, fail));
      });
    }
    const [split, folder] = partOf(table);
    for (const [i, image] of images.entries()) {
      const where = `${place}: images[${i}]`;
      yield* rowOrFault(context, () => ({
        file: imageFile(image, {where, anywhere}),
        captions: context.withText ? captions.get(image['id'])! : [],
        split: typeof image['split'] === 'string' ? canonicalSplit(image['split']) : split,
        fields: context.withText ? image : {},
        folders: folder === null ? [] : [folder, `../${folder}`],
      }));
    }
  },
};

function imageFile(
  {file_name: file}: Fields,
  {where, anywhere}: {readonly where: string; readonly anywhere: boolean},
): string {
  if (typeof file !== 'string' || file.trim() === '') {
    throw failureAt(where)('file_name', 'the path of an image', file);
  }
  return anywhere ? printablePath(file, where) : insidePath(file, where);
}

/** `captions_train2017.json` tells of the training images, which lie in `train2017/`. */
function partOf(table: string): readonly [split: string | null, folder: string | null] {
  const {part, year} = /captions_(?<part>train|val|test)(?<year>\d*)\.json$/.exec(table)?.groups ?? {};
  return part === undefined ? [null, null] : [part, `${part}${year ?? ''}/`];
}
