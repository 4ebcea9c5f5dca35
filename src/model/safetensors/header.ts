import {exitCodes, UserError} from '../../support/errors.js';
import {byteLength, isSafetensorsDtype, type SafetensorsDtype} from './dtype.js';
import {parseHeaderJson, type HeaderObject, type HeaderValue} from './header-json.js';

/** Where a tensor is in the data that follows the header: bytes [begin, end). */
export interface TensorEntry {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The reference library's limit on the header, in bytes. */
export const maxHeaderBytes = 100_000_000;

/** Bytes of the header's length, a little-endian unsigned 64-bit number. */
export const lengthBytes = 8;

/**
 * The header's length from the first bytes of a file of `fileBytes` bytes.
 * @throws UserError with exit code `data` when it cannot be a safetensors file.
 */
export function headerLength(start: Uint8Array, fileBytes: number, file: string): number {
  if (start.length < lengthBytes) {
    throw invalid(file, `expected at least ${lengthBytes} bytes, got ${start.length}`);
  }
  const length = new DataView(start.buffer, start.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    throw invalid(file, `expected a header of at most ${maxHeaderBytes} bytes, got ${length}`);
  }
  if (lengthBytes + Number(length) > fileBytes) {
    const there = fileBytes - lengthBytes;
    throw invalid(file, `expected a header of ${length} bytes, got ${there}: the file is truncated`);
  }
  return Number(length);
}

/**
 * Checks a header against the rules of the format: every tensor complete, and the tensors tiling the
 * `dataBytes` bytes behind the header without a hole or an overlap.
 * @throws UserError with exit code `data`, another sentence for every rule.
 */
export function parseHeader(bytes: Uint8Array, dataBytes: number, file: string): SafetensorsHeader {
  const {metadata, tensors} = splitMetadata(parseHeaderJson(decodeUtf8(bytes, file), file), file);
  const entries = new Map([...tensors].map(([name, value]) => [name, parseEntry(name, value, file)]));
  checkTiling(entries, dataBytes, file);
  return {tensors: entries, metadata};
}

function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    throw invalid(file, 'expected a header in UTF-8, got other bytes');
  }
}

function splitMetadata(header: HeaderObject, file: string) {
  const tensors = new Map(header);
  const value = tensors.get('__metadata__') ?? new Map<string, HeaderValue>();
  tensors.delete('__metadata__');
  if (!isObject(value)) throw invalid(file, `__metadata__: expected an object, got ${kindOf(value)}`);
  const metadata = new Map<string, string>();
  for (const [key, text] of value) {
    if (typeof text !== 'string') {
      throw invalid(file, `__metadata__.${key}: expected a string, got ${kindOf(text)}`);
    }
    metadata.set(key, text);
  }
  return {tensors, metadata};
}

function parseEntry(name: string, value: HeaderValue, file: string): TensorEntry {
  if (!isObject(value)) throw invalid(file, `${name}: expected an object, got ${kindOf(value)}`);
  const keys = [...value.keys()].sort().join(', ');
  if (keys !== 'data_offsets, dtype, shape') {
    throw invalid(file, `${name}: expected data_offsets, dtype and shape, got ${keys || 'nothing'}`);
  }
  const dtype = value.get('dtype')!;
  if (typeof dtype !== 'string' || !isSafetensorsDtype(dtype)) {
    throw invalid(file, `${name}: dtype: expected one of the format's, got ${JSON.stringify(dtype)}`);
  }
  const shape = wholeNumbers(value.get('shape')!, `${name}: shape`, file);
  const offsets = wholeNumbers(value.get('data_offsets')!, `${name}: data_offsets`, file);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length > 2) {
    throw invalid(file, `${name}: data_offsets: expected 2 numbers, got ${offsets.length}`);
  }
  return checkSize(name, {dtype, shape, begin, end}, file);
}

function checkSize(name: string, entry: TensorEntry, file: string): TensorEntry {
  const {dtype, shape, begin, end} = entry;
  if (end < begin)
    throw invalid(file, `${name}: data_offsets: expected begin <= end, got ${begin} and ${end}`);
  const expected = byteLength(shape, dtype);
  const tensor = `[${shape.join(', ')}] of ${dtype}`;
  if (expected === undefined) {
    throw invalid(file, `${name}: shape: expected a whole number of bytes below 2^53, got ${tensor}`);
  }
  if (end - begin !== expected) {
    throw invalid(
      file,
      `${name}: data_offsets: expected ${expected} bytes for ${tensor}, got ${end - begin}`,
    );
  }
  return entry;
}

function checkTiling(entries: ReadonlyMap<string, TensorEntry>, dataBytes: number, file: string): void {
  const sorted = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, {begin, end}] of sorted) {
    if (begin < position) {
      throw invalid(file, `${name}: expected it to begin at byte ${position}, got ${begin}: tensors overlap`);
    }
    if (begin > position) {
      throw invalid(
        file,
        `${name}: expected it to begin at byte ${position}, got ${begin}: a hole before it`,
      );
    }
    position = end;
  }
  if (position > dataBytes) {
    throw invalid(file, `expected ${position} bytes of data, got ${dataBytes}: the file is truncated`);
  }
  if (position < dataBytes) {
    throw invalid(file, `expected ${position} bytes of data, got ${dataBytes}: bytes that no tensor uses`);
  }
}

function wholeNumbers(value: HeaderValue, where: string, file: string): readonly number[] {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'number')) {
    throw invalid(file, `${where}: expected a list of whole numbers, got ${kindOf(value)}`);
  }
  return value as readonly number[];
}

function isObject(value: HeaderValue): value is HeaderObject {
  return value instanceof Map;
}

function kindOf(value: HeaderValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

function invalid(file: string, message: string): UserError {
  return new UserError(`${file}: ${message}`, {exit: exitCodes.data});
}
