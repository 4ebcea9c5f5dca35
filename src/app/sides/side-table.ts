import {exitCodes, UserError} from '../../support/errors.js';
import {openSideLines} from './side-lines.js';
import {openSideTensors} from './side-tensors.js';

/** A file with an entry for each image: numbers, and a text where it has texts. */
export interface SideTable {
  readonly path: string;
  /** Of the images, in the order of the entries; none twice. */
  readonly ids: readonly string[];
  /** Of an entry's numbers. */
  readonly shape: readonly number[];
  /** One for each entry; null where the file has none. */
  readonly texts: readonly string[] | null;
  /** The numbers of an entry, row-major. */
  read(entry: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/**
 * Opens a file by its extension: `.safetensors` with the numbers in one tensor, or `.jsonl` with an object a line.
 * @param array the tensor, or the key of the objects
 * @throws UserError (data) when it is neither, or has no such numbers for each image
 */
export async function openSideTable(path: string, array: string): Promise<SideTable> {
  if (path.endsWith('.safetensors')) return checked(await openSideTensors(path, array));
  if (path.endsWith('.jsonl')) return checked(await openSideLines(path, array));
  throw new UserError(`${path}: expected a file .safetensors or .jsonl, got another extension`, {
    exit: exitCodes.data,
  });
}

async function checked(table: SideTable): Promise<SideTable> {
  const seen = new Set<string>();
  for (const id of table.ids) {
    if (seen.has(id)) {
      await table.close();
      throw new UserError(`${table.path}: expected one entry for each image, got two for ${id}`, {
        exit: exitCodes.data,
      });
    }
    seen.add(id);
  }
  return table;
}
