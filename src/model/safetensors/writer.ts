import type {FileHandle} from 'node:fs/promises';
import type {HostArray} from '../../engine/step.js';
import {writeAtomically} from '../../support/atomic-file.js';
import {BugError} from '../../support/errors.js';
import {byteLength, dtypeRank} from './dtype.js';
import {canEncode, encodeTensor, type WritableDtype} from './encode.js';
import {lengthBytes, maxHeaderBytes} from './header.js';

/** How a tensor is stored. */
export interface StoredAs {
  readonly dtype: WritableDtype;
  readonly shape: readonly number[];
}

/** A tensor to write. */
export interface SafetensorsEntry {
  readonly name: string;
  /** Called when the tensor's turn comes, so that one tensor at a time is in memory. */
  readonly value: () => HostArray;
  /** Left out: floats are stored as F32, integers as I32, and `value` is called once more, to learn the shape. */
  readonly stored?: StoredAs;
}

export interface WriteOptions {
  /** Free text that goes into the header. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Write infinities and NaN instead of refusing them. */
  readonly allowNonFinite?: boolean;
}

/** Values that are converted at a time, which bounds the memory beside the tensor itself. */
const chunkValues = 2 ** 20;

/**
 * Writes a safetensors file, whole or not at all, one tensor in memory at a time. Order and alignment are the
 * reference library's: widest dtype first, then by name, and the header padded so that the data is 8-byte aligned.
 * @throws UserError with exit code `numerical` for values that are not finite, or too large for their dtype.
 */
export async function writeSafetensors(
  path: string,
  entries: Iterable<SafetensorsEntry>,
  options: WriteOptions = {},
): Promise<void> {
  const sorted = [...entries].map(planned).sort(inFileOrder);
  const header = headerBytes(sorted, options.metadata ?? {});
  await writeAtomically(path, async (file) => {
    await file.writeFile(header);
    for (const entry of sorted) await writeTensor(file, entry, options.allowNonFinite ?? false);
  });
}

type PlannedEntry = Required<SafetensorsEntry>;

function planned({name, value, stored}: SafetensorsEntry): PlannedEntry {
  return {name, value, stored: stored ?? plainly(value())};
}

function plainly({shape, data}: HostArray): StoredAs {
  return {shape, dtype: data instanceof Int32Array ? 'I32' : 'F32'};
}

function inFileOrder(a: PlannedEntry, b: PlannedEntry): number {
  const byWidth = dtypeRank(b.stored.dtype) - dtypeRank(a.stored.dtype);
  return byWidth || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
}

function headerBytes(
  entries: readonly PlannedEntry[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header = new Map<string, unknown>();
  const sortedMetadata = Object.entries(metadata).sort(([a], [b]) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  if (sortedMetadata.length > 0) header.set('__metadata__', Object.fromEntries(sortedMetadata));
  let position = 0;
  for (const {name, stored} of entries) {
    const bytes = byteLength(stored.shape, stored.dtype);
    if (bytes === undefined) throw new BugError(`writeSafetensors: ${name}: expected a size below 2^53`);
    if (header.has(name)) throw new BugError(`writeSafetensors: expected every name once, got ${name} twice`);
    const {dtype, shape} = stored;
    header.set(name, {dtype, shape, data_offsets: [position, position + bytes]});
    position += bytes;
  }
  return padded(toJson(header));
}

/** JSON of a map in its own order; an object would move number-like names to the front. */
function toJson(header: ReadonlyMap<string, unknown>): Buffer {
  const fields = [...header].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return Buffer.from(`{${fields.join(',')}}`);
}

/** The header's length, the header, and spaces up to a multiple of 8 bytes. */
function padded(json: Buffer): Uint8Array {
  const length = Math.ceil(json.length / 8) * 8;
  if (length > maxHeaderBytes) {
    throw new BugError(
      `writeSafetensors: expected a header of at most ${maxHeaderBytes} bytes, got ${length}`,
    );
  }
  const bytes = Buffer.alloc(lengthBytes + length, ' ');
  bytes.writeBigUInt64LE(BigInt(length));
  json.copy(bytes, lengthBytes);
  return bytes;
}

async function writeTensor(file: FileHandle, entry: PlannedEntry, allowNonFinite: boolean): Promise<void> {
  const {name, value, stored} = entry;
  const {data} = value();
  const elements = stored.shape.reduce((product, size) => product * size, 1);
  if (data.length !== elements || !canEncode(data, stored.dtype)) {
    const got = `${data.length} values in ${data.constructor.name}`;
    throw new BugError(
      `writeSafetensors: ${name}: expected ${elements} values of ${stored.dtype}, got ${got}`,
    );
  }
  for (let start = 0; start < elements; start += chunkValues) {
    const chunk = data.subarray(start, start + chunkValues);
    await file.writeFile(encodeTensor(chunk, {dtype: stored.dtype, where: name, start, allowNonFinite}));
  }
}
