import {open, type FileHandle} from 'node:fs/promises';
import type {HostArray} from '../../engine/step.js';
import {BugError, exitCodes, UserError} from '../../support/errors.js';
import {decodeTensor} from './decode.js';
import {headerLength, lengthBytes, parseHeader, type SafetensorsHeader, type TensorEntry} from './header.js';

/** An open checkpoint: its table of contents, and tensors read one by one. */
export interface TensorReader extends SafetensorsHeader {
  /** The file, or the index of the shards. */
  readonly path: string;
  names(): string[];
  /** Reads one tensor: floats as float32, integers as int32. Only its bytes are read. */
  read(name: string): Promise<HostArray>;
  /** Reads one entry along the first axis of a tensor, as `read` does. */
  readRow(name: string, row: number): Promise<HostArray>;
  close(): Promise<void>;
}

/** One read call takes at most 2^31 - 1 bytes. */
const readChunkBytes = 2 ** 30;

/**
 * Opens a safetensors file and checks its header; the data stays on disk until read. Close it after use.
 * @throws UserError with exit code `data` when the file is not a valid safetensors file.
 */
export async function openSafetensors(path: string): Promise<TensorReader> {
  const file = await openFile(path);
  try {
    const stats = await file.stat();
    if (!stats.isFile())
      throw new UserError(`${path}: expected a file, got something else`, {exit: exitCodes.data});
    const size = stats.size;
    const length = headerLength(await readBytes(file, 0, Math.min(lengthBytes, size), path), size, path);
    const dataStart = lengthBytes + length;
    const header = parseHeader(await readBytes(file, lengthBytes, length, path), size - dataStart, path);
    const readAs = async ({shape, dtype, begin, end}: TensorEntry, name: string): Promise<HostArray> => {
      const bytes = await readBytes(file, dataStart + begin, end - begin, path);
      return {shape, data: decodeTensor(bytes.buffer, dtype, `${path}: ${name}`)};
    };
    return {
      path,
      ...header,
      names: () => [...header.tensors.keys()],
      close: () => file.close(),
      read: (name) => {
        const {shape, begin, end, dtype} = entryOf(header, name, path);
        return readAs({shape, dtype, begin, end}, name);
      },
      readRow: (name, row) => {
        const {shape, begin, end, dtype} = entryOf(header, name, path);
        const [rows = 0, ...rest] = shape;
        if (row < 0 || row >= rows) throw new BugError(`${path}: expected one of ${rows} rows, got ${row}`);
        const length = (end - begin) / rows;
        return readAs(
          {shape: rest, dtype, begin: begin + row * length, end: begin + (row + 1) * length},
          name,
        );
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function entryOf({tensors}: SafetensorsHeader, name: string, path: string): TensorEntry {
  const entry = tensors.get(name);
  if (entry === undefined) throw new BugError(`${path}: expected a tensor of the file, got ${name}`);
  return entry;
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(`${path}: expected a file that can be read, got ${code}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

async function readBytes(file: FileHandle, start: number, length: number, path: string) {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const chunk = bytes.subarray(done, Math.min(length, done + readChunkBytes));
    const {bytesRead} = await file.read(chunk, 0, chunk.length, start + done);
    if (bytesRead === 0) {
      const message = `${path}: expected ${length} bytes at ${start}, got ${done}: the file has shrunk`;
      throw new UserError(message, {exit: exitCodes.data});
    }
    done += bytesRead;
  }
  return bytes;
}
