import type {Fields, ReadContext, SetRecord} from '../layout.js';

/** Where a document stands and what is read of it. */
export interface DocumentPlace {
  /** The document's path in its store. */
  readonly table: string;
  /** For messages. */
  readonly place: string;
  readonly context: ReadContext;
  /** Whether paths may lead out of the folder of the document: only where the user names it. */
  readonly anywhere: boolean;
}

/** One way to write a whole set as a JSON document. */
export interface JsonShape {
  /** For messages. */
  readonly looksLike: string;
  matches(document: unknown): boolean;
  /** @throws UserError (data) with the entry of the first fault. */
  records(document: unknown, place: DocumentPlace): Iterable<SetRecord>;
}

/** The list under a key of a document, when every entry is an object. */
export function objectsIn(document: unknown, key: string): readonly Fields[] | undefined {
  const list = isObject(document) ? document[key] : undefined;
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
