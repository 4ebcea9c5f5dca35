import {readSync} from 'node:fs';
import {namelessFile, writeAll} from '../spool.js';

/** Records of one length, in the order they were added. */
export interface ByteRecords {
  readonly length: number;
  add(record: Uint8Array): void;
  at(index: number): Uint8Array;
}

/** What stays in memory before a file without a name takes it. */
const bytesInMemory = 1 << 24;

/** A list of byte records that grows without growing the memory by more than 32 MiB. */
export function byteRecords(recordBytes: number, inMemory = bytesInMemory): ByteRecords {
  const perBlock = Math.max(1, Math.floor(inMemory / recordBytes));
  let block = new Uint8Array(Math.min(perBlock, 1024) * recordBytes);
  let inBlock = 0;
  let inFile = 0;
  let descriptor: number | undefined;
  const makeRoom = () => {
    if (inBlock === perBlock) {
      descriptor ??= namelessFile();
      writeAll(descriptor, Buffer.from(block.buffer, 0, inBlock * recordBytes), inFile * recordBytes);
      inFile += inBlock;
      inBlock = 0;
    } else if (inBlock * recordBytes === block.length) {
      const longer = new Uint8Array(Math.min(2 * block.length, perBlock * recordBytes));
      longer.set(block);
      block = longer;
    }
  };
  return {
    get length() {
      return inFile + inBlock;
    },
    add(record) {
      makeRoom();
      block.set(record, inBlock * recordBytes);
      inBlock++;
    },
    at(index) {
      if (index >= inFile) {
        const start = (index - inFile) * recordBytes;
        return block.slice(start, start + recordBytes);
      }
      const record = new Uint8Array(recordBytes);
      for (let done = 0; done < recordBytes;) {
        done += readSync(descriptor!, record, done, recordBytes - done, index * recordBytes + done);
      }
      return record;
    },
  };
}
