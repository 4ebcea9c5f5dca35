import {UserError, exitCodes} from '../support/errors.js';
import {readFilePart} from './file-part.js';
import type {FileStore} from './file-store.js';
import {jsonObject} from './json-object.js';
import {otherBytes} from './layout.js';
import type {Fields, ReadContext, SetRecord} from './layout.js';
import {captionsOf, failureAt, splitOf} from './record-fields.js';
import {imageFolder, stemGroups, type StemGroup} from './stem-groups.js';
import {canonicalSplit, isSplitName} from './splits.js';
import {utf8Text} from './utf8-text.js';

/** What a store holds beside images, when it has no table. */
export interface ImageTree {
  readonly images: number;
  /** Files that are neither an image nor a text about one. */
  readonly others: number;
  readonly records: (context: ReadContext) => AsyncIterable<SetRecord>;
}

/**
 * A set without a table: every image below the root, sorted by path. When all lie in `train/`, `val/`, `test/`
 * or the like, these are their splits; the folder below is the class. `x.txt`, `x.json` and `x.cls` beside `x.jpg` say
 * what it shows, as in image-text pairs and WebDataset shards.
 */
export async function imageTree(store: FileStore): Promise<ImageTree> {
  const files = await store.list();
  let images = 0;
  let others = 0;
  let hasSplits = true;
  for (const group of stemGroups(files)) {
    images += group.images.length;
    if (group.images.length === 0) others += group.texts.size;
    others += group.others;
    hasSplits &&= group.images.every(liesInSplit);
  }
  return {
    images,
    others,
    async *records(context) {
      for (const group of stemGroups(files)) {
        if (group.images.length === 0) continue;
        const told = context.withText ? await tellingsOrFault(store, group, context) : nothingTold;
        for (const file of group.images) yield recordFor(file, told, hasSplits);
      }
    },
  };
}

/** The path below the folder of the images: the id of an image, wherever the set keeps its images. */
export function withoutImageFolder(path: string): string {
  return path.startsWith(imageFolder) ? path.slice(imageFolder.length) : path;
}

function liesInSplit(image: string): boolean {
  const parts = withoutImageFolder(image).split('/');
  return parts.length > 1 && isSplitName(parts[0]!);
}

/** What the texts beside an image say. */
interface Telling {
  readonly captions: readonly string[];
  readonly fields: Fields;
  readonly split: string | null;
}

const nothingTold: Telling = {captions: [], fields: {}, split: null};

function recordFor(file: string, {captions, fields, split}: Telling, hasSplits: boolean): SetRecord {
  const parts = withoutImageFolder(file).split('/');
  const ofFolder = hasSplits ? canonicalSplit(parts.shift()!) : null;
  const classOfFolder = parts.length > 1 ? {class: parts[0]} : {};
  return {file, captions, split: ofFolder ?? split, fields: {...classOfFolder, ...fields}};
}

/** A fault in the texts leaves the images without them where it is told. */
async function tellingsOrFault(store: FileStore, group: StemGroup, context: ReadContext): Promise<Telling> {
  try {
    return await tellings(store, group, context);
  } catch (error) {
    if (context.onFault === undefined || !(error instanceof UserError)) throw error;
    context.onFault(error);
    return nothingTold;
  }
}

/** `.txt` is one caption a line, `.json` an object with `captions`, `caption` or `text`, `.cls` a class. */
async function tellings(store: FileStore, {texts}: StemGroup, context: ReadContext): Promise<Telling> {
  const textOf = async (extension: string) => {
    const path = texts.get(extension);
    if (path === undefined) return undefined;
    const place = store.place(path);
    const found = await store.find(path);
    if (found === undefined) {
      throw new UserError(`${place}: expected a readable file, got none`, {exit: exitCodes.data});
    }
    return {place, text: utf8Text(await readFilePart(found.part), place, otherBytes(context))};
  };
  const [lines, json, label] = [await textOf('txt'), await textOf('json'), await textOf('cls')];
  const fields = json === undefined ? {} : jsonObject(json.text, json.place);
  const fail = failureAt(json?.place ?? '');
  const captions = lines?.text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return {
    captions: captions ?? captionsOf(fields, context.keys, fail),
    fields: {...fields, ...(label !== undefined && {class: label.text.trim()})},
    split: splitOf(fields, fail),
  };
}
