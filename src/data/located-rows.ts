import {withClassName, type ClassNames} from './class-names.js';
import {readFilePart} from './file-part.js';
import type {FileStore, StoredFile} from './file-store.js';
import {withoutImageFolder} from './image-tree.js';
import type {Fields, SetRecord} from './layout.js';
import type {ImageRef} from './rows.js';
import type {SetPart} from './set-parts.js';
import {imageFolder} from './stem-groups.js';

/** An image with what the set says about it: plain data, which a file can hold. */
export interface LocatedRow {
  readonly id: string;
  /** As the table writes it. */
  readonly file: string;
  readonly split: string | null;
  /** None empty. */
  readonly captions: string[];
  /** Captions that are written and hold nothing; left out when there are none. */
  blankCaptions?: number;
  readonly fields: Fields;
  /** Where it lies; null when it is missing. */
  readonly found: (StoredFile & {readonly place: string}) | null;
}

/** The image of a row that is not missing. */
export function imageRef({id, found}: LocatedRow): ImageRef {
  const {place, bytes, part} = found!;
  return {id, place, bytes, read: () => readFilePart(part), part};
}

/** Looked up at a time: enough to hide a network disk's delay, few enough for any limit on open files. */
const lookUpsAtATime = 256;

/** The rows of a part of a set, each with its image looked up and its class by its readable name. */
export async function* locatedRows(part: SetPart, names: ClassNames | null): AsyncGenerator<LocatedRow> {
  let records: SetRecord[] = [];
  const rowsOf = () => Promise.all(records.map((record) => rowOf(record, part, names)));
  for await (const record of part.records) {
    records.push(record);
    if (records.length < lookUpsAtATime) continue;
    yield* await rowsOf();
    records = [];
  }
  yield* await rowsOf();
}

async function rowOf(record: SetRecord, part: SetPart, names: ClassNames | null): Promise<LocatedRow> {
  const {file, captions, split, fields} = record;
  const written = captions.filter((caption) => caption.trim() !== '');
  const blankCaptions = captions.length - written.length;
  return {
    id: part.prefix + withoutImageFolder(file),
    file,
    split: split ?? part.split,
    captions: written,
    ...(blankCaptions > 0 && {blankCaptions}),
    fields: names === null ? fields : withClassName(fields, names),
    found: await locate(record, part.store),
  };
}

/** Finds an image: in the table itself, beside it, in `images/`, or where the layout says. */
async function locate(
  {file, embedded, folders = []}: SetRecord,
  store: FileStore,
): Promise<LocatedRow['found']> {
  if (embedded !== undefined) {
    return {...embedded, place: `${store.place(store.table ?? '')}: ${file}`};
  }
  const paths = [
    file,
    imageFolder + file,
    withoutImageFolder(file),
    ...folders.map((folder) => folder + file),
  ];
  for (const path of paths) {
    const found = await store.find(path);
    if (found !== undefined) return {...found, place: store.place(path)};
  }
  return null;
}
