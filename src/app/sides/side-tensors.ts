import {z} from 'zod';
import {openSafetensors, type TensorReader} from '../../model/safetensors.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {SideTable} from './side-table.js';

/** A JSON list of texts in the metadata of a file. */
const texts = z.array(z.string());

/**
 * Entries in a safetensors file: a tensor [n, ...] whose rows are read one by one, the ids of the images as a JSON list
 * under `images` in the metadata, and texts as one under `tags`.
 * @throws UserError (data) when it holds something else
 */
export async function openSideTensors(path: string, array: string): Promise<SideTable> {
  const file = await openSafetensors(path);
  try {
    const [rows, ...shape] = shapeOf(file, array);
    const list = (key: string) => listIn(file, key, rows!);
    const ids = list('images');
    if (ids === null)
      throw invalid(path, 'a JSON list of the ids of the images under images in its metadata');
    return {
      ...{path, ids, shape, texts: list('tags')},
      read: async (entry) => Float32Array.from((await file.readRow(array, entry)).data),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function shapeOf(file: TensorReader, array: string): readonly number[] {
  const shape = file.tensors.get(array)?.shape;
  if (shape && shape.length >= 2) return shape;
  const got = shape ? `shape [${shape.join(', ')}]` : `none among ${file.names().slice(0, 3).join(', ')}`;
  throw invalid(file.path, `a tensor ${array} of shape [images, ...]`, got);
}

function listIn({path, metadata}: TensorReader, key: string, rows: number): string[] | null {
  const text = metadata.get(key);
  if (text === undefined) return null;
  const parsed = texts.safeParse(jsonOf(text));
  if (!parsed.success)
    throw invalid(path, `a JSON list of texts under ${key} in its metadata`, text.slice(0, 40));
  if (parsed.data.length === rows) return parsed.data;
  throw invalid(path, `${rows} entries under ${key} in its metadata, one a row`, String(parsed.data.length));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function invalid(path: string, expected: string, got = 'none'): UserError {
  return new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
