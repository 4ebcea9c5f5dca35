import {UserError, exitCodes} from '../support/errors.js';
import {readFilePart} from './file-part.js';
import type {FileStore} from './file-store.js';
import {jsonValue} from './json-object.js';
import type {SetRecord} from './layout.js';
import {utf8Text} from './utf8-text.js';

/** A published set as its authors hand it out, a file in `sources/`. */
export interface SetSource {
  /** The file's name. */
  readonly name: string;
  /** One sentence for the help. */
  readonly summary: string;
  /** Where its images come from, for errors about missing ones. */
  readonly images: string;
  records(folder: FileStore): AsyncIterable<SetRecord>;
}

/** Types a source; the folder `sources/` is the registry. */
export function defineSource(source: SetSource): SetSource {
  return source;
}

/** A file that a source needs. */
export interface NeededFile {
  /** Where it may lie, the usual place first. */
  readonly paths: readonly string[];
  /** What it holds. */
  readonly what: string;
  /** Where it comes from. */
  readonly from: string;
}

/**
 * The path of a file that must be there.
 * @throws UserError (data) that says what is missing and where it comes from
 */
export async function needed(folder: FileStore, {paths, what, from}: NeededFile): Promise<string> {
  for (const path of paths) if ((await folder.find(path)) !== undefined) return path;
  const places = paths.map((path) => folder.place(path)).join(' or ');
  throw new UserError(`${places}: expected ${what}, got no such file`, {
    tryThis: `it comes from ${from}`,
    exit: exitCodes.data,
  });
}

/** The text of a file in a source. */
export async function textIn(folder: FileStore, path: string): Promise<string> {
  const found = await folder.find(path);
  if (found !== undefined) return utf8Text(await readFilePart(found.part), folder.place(path));
  throw new UserError(`${folder.place(path)}: expected a readable file, got none`, {exit: exitCodes.data});
}

/** The JSON value in a file of a source. */
export async function jsonIn(folder: FileStore, path: string): Promise<unknown> {
  return jsonValue(await textIn(folder, path), folder.place(path));
}
