import {open, type FileHandle} from 'node:fs/promises';
import {decodeTensor} from '../../model/safetensors/decode.js';
import {encodeTensor} from '../../model/safetensors/encode.js';
import {writeAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** Numbers of a matrix in a file: half or single precision. */
export type NpyDtype = 'float16' | 'float32';

/** What a file says about its matrix. */
export interface NpyHeader {
  readonly rows: number;
  readonly dim: number;
  readonly dtype: NpyDtype;
  /** Where the numbers begin. */
  readonly offset: number;
}

const kinds = {
  float16: {code: '<f2', bytes: 2, tensor: 'F16'},
  float32: {code: '<f4', bytes: 4, tensor: 'F32'},
} as const;

const magic = '\u0093NUMPY';
/** Magic, version and the length of the header. */
const preludeBytes = 10;
/** NumPy starts the numbers at a multiple of this. */
const alignment = 64;

/** Writes a matrix [rows, dim] as NumPy's `.npy` (format 1.0), whole or not at all. */
export async function writeNpy(
  path: string,
  values: Float32Array,
  {dim, dtype}: Pick<NpyHeader, 'dim' | 'dtype'>,
): Promise<void> {
  const {code, tensor} = kinds[dtype];
  const about = `{'descr': '${code}', 'fortran_order': False, 'shape': (${values.length / dim}, ${dim}), }`;
  const length = Math.ceil((preludeBytes + about.length + 1) / alignment) * alignment - preludeBytes;
  const header = Buffer.alloc(preludeBytes + length, ' ');
  header.write(magic, 'latin1');
  header.writeUInt16LE(1, 6); // version 1.0, the lower byte first
  header.writeUInt16LE(length, 8);
  header.write(about, preludeBytes, 'latin1');
  header[header.length - 1] = 0x0a;
  const numbers = encodeTensor(values, {dtype: tensor, where: path, start: 0, allowNonFinite: false});
  await writeAtomically(path, async (file) => {
    await file.writeFile(header);
    await file.writeFile(numbers);
  });
}

/**
 * Reads what a `.npy` file says about its matrix, and makes sure that it is all there.
 * @throws UserError (data) when it is no matrix of half or single precision in rows, or is cut short.
 */
async function readNpyHeader(file: FileHandle, place: string): Promise<NpyHeader> {
  const failed = (expected: string, got: string) =>
    new UserError(`${place}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
  const start = await readBytes(file, 0, preludeBytes + 2);
  if (start.toString('latin1', 0, 6) !== magic) throw failed('a .npy file', 'another file');
  const isFirst = start[6] === 1;
  const headerStart = isFirst ? preludeBytes : preludeBytes + 2;
  const headerBytes = isFirst ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (headerBytes > 65_536) throw failed('a .npy header', `one of ${headerBytes} bytes`);
  const about = (await readBytes(file, headerStart, headerBytes)).toString('latin1');
  const code = /'descr':\s*'([^']*)'/.exec(about)?.[1];
  const dtype = (Object.keys(kinds) as NpyDtype[]).find((name) => kinds[name].code === code);
  if (dtype === undefined) throw failed('numbers of type <f2 or <f4', code ?? 'a table of fields');
  if (!/'fortran_order':\s*False/.test(about))
    throw failed('a matrix in rows', 'one in columns (fortran_order)');
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(about)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  const [rows, dim] = shape;
  if (shape.length !== 2 || rows === undefined || !dim)
    throw failed('a matrix', `the shape (${shape.join(', ')})`);
  const offset = headerStart + headerBytes;
  const [wanted, size] = [offset + rows * dim * kinds[dtype].bytes, (await file.stat()).size];
  if (size !== wanted) throw failed(`${wanted} bytes for ${rows} rows of ${dim}`, String(size));
  return {rows, dim, dtype, offset};
}

/** Rows of a matrix, in order. */
export interface NpyBlock {
  /** Number of the first row. */
  readonly start: number;
  /** [rows, dim]. */
  readonly values: Float32Array;
}

/**
 * The rows of a `.npy` file, a few megabytes at a time whatever its size.
 * @throws UserError (data) as {@link readNpyHeader} does, and when the rows are not `dim` wide
 */
export async function* npyBlocks(
  path: string,
  {dim, blockBytes = 4 * 2 ** 20}: {readonly dim?: number | undefined; readonly blockBytes?: number} = {},
): AsyncGenerator<NpyBlock> {
  const file = await open(path, 'r');
  try {
    const header = await readNpyHeader(file, path);
    if (dim !== undefined && header.dim !== dim) {
      throw new UserError(`${path}: expected rows of ${dim} numbers, got ${header.dim}`, {
        exit: exitCodes.data,
      });
    }
    const {bytes, tensor} = kinds[header.dtype];
    const rowBytes = header.dim * bytes;
    const perBlock = Math.max(1, Math.floor(blockBytes / rowBytes));
    for (let start = 0; start < header.rows; start += perBlock) {
      const rows = Math.min(perBlock, header.rows - start);
      const content = await readBytes(file, header.offset + start * rowBytes, rows * rowBytes);
      const own = content.buffer.slice(
        content.byteOffset,
        content.byteOffset + content.length,
      ) as ArrayBuffer;
      yield {start, values: decodeTensor(own, tensor, path) as Float32Array};
    }
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const {bytesRead} = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
