import {mkdtempSync, openSync, readSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {LRUCache} from 'lru-cache';
import {UserError, exitCodes} from '../support/errors.js';
import {lazyArray} from './lazy-array.js';

/** A list that grows without growing the memory: plain data, read back as it was added. */
export interface Spool<T> {
  add(value: T): void;
  /** What was added at a place. */
  at(index: number): T;
  /** Whether what is at a place can be changed there; it has not been written to the file. */
  isInMemory(index: number): boolean;
  readonly length: number;
  /** All values; nothing is added afterwards. */
  finish(): readonly T[];
}

/** Values a list keeps in memory before it moves to a file. */
export const valuesInMemory = 8192;

/** Values that are written, read and parsed together. */
const blockValues = 64;
/** Blocks that stay parsed: a search by halving comes back to the same few. */
const blocksKept = 64;

/**
 * Collects plain data (what JSON gives back unchanged), in a temporary file once there is much of it. The file has no
 * name: it is gone when the process ends, however it ends.
 */
export function spool<T>(inMemory = valuesInMemory): Spool<T> {
  let recent: T[] = [];
  let file: BlockFile<T> | undefined;
  const written = () => (file?.blocks ?? 0) * blockValues;
  const at = (index: number): T =>
    index < written()
      ? file!.read(Math.floor(index / blockValues))[index % blockValues]!
      : recent[index - written()]!;
  return {
    get length() {
      return written() + recent.length;
    },
    at,
    isInMemory: (index) => index >= written(),
    add(value) {
      recent.push(value);
      if (recent.length < (file === undefined ? inMemory + blockValues : blockValues)) return;
      file ??= blockFile();
      const whole = recent.length - (recent.length % blockValues);
      for (let start = 0; start < whole; start += blockValues) {
        file.write(recent.slice(start, start + blockValues));
      }
      recent = recent.slice(whole);
    },
    finish() {
      file?.flush();
      return file === undefined ? recent : lazyArray(written() + recent.length, at);
    },
  };
}

/** Blocks of values in a file. */
interface BlockFile<T> {
  readonly blocks: number;
  write(block: readonly T[]): void;
  read(block: number): readonly T[];
  /** Writes what is still in memory. */
  flush(): void;
}

const pendingBytes = 1 << 20;

function blockFile<T>(): BlockFile<T> {
  const descriptor = namelessFile();
  const starts = growingNumbers();
  const kept = new LRUCache<number, readonly T[]>({max: blocksKept});
  let pending: Buffer[] = [];
  let pendingLength = 0;
  let flushed = 0;
  const flush = () => {
    for (const buffer of pending) {
      writeAll(descriptor, buffer, flushed);
      flushed += buffer.length;
    }
    pending = [];
    pendingLength = 0;
  };
  return {
    get blocks() {
      return starts.length;
    },
    flush,
    write(block) {
      const content = Buffer.from(JSON.stringify(block));
      starts.add(flushed + pendingLength);
      pending.push(content);
      pendingLength += content.length;
      if (pendingLength >= pendingBytes) flush();
    },
    read(block) {
      const known = kept.get(block);
      if (known !== undefined) return known;
      if (pendingLength > 0) flush();
      const start = starts.at(block);
      const content = Buffer.alloc((block + 1 < starts.length ? starts.at(block + 1) : flushed) - start);
      for (let done = 0; done < content.length;) {
        done += readSync(descriptor, content, done, content.length - done, start + done);
      }
      const values = JSON.parse(content.toString('utf8')) as readonly T[];
      kept.set(block, values);
      return values;
    },
  };
}

/** @throws UserError (retry) when the disk is full */
export function writeAll(descriptor: number, buffer: Buffer, position: number): void {
  try {
    for (let done = 0; done < buffer.length;) {
      done += writeSync(descriptor, buffer, done, buffer.length - done, position + done);
    }
  } catch (error) {
    throw new UserError(`${tmpdir()}: expected room for the list of images, got ${String(error)}`, {
      tryThis: 'TMPDIR=/another/disk, for 300 bytes an image',
      exit: exitCodes.retry,
      cause: error,
    });
  }
}

/** A file that only this process can reach, without a name that could outlive it. */
export function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'fewclip-rows-'));
  try {
    return openSync(join(folder, 'rows'), 'wx+', 0o600);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

function growingNumbers() {
  let numbers = new Float64Array(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    at: (index: number): number => numbers[index]!,
    add(value: number): void {
      if (length === numbers.length) {
        const longer = new Float64Array(2 * length);
        longer.set(numbers);
        numbers = longer;
      }
      numbers[length++] = value;
    },
  };
}
