import {writeFile} from 'node:fs/promises';
import {crc32, deflateRawSync} from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer | string;
  /** Unix permissions; 0o644 when absent. */
  readonly mode?: number;
}

/** Writes a zip archive of deflated entries, by the book (APPNOTE 4.3) and with nothing of a library. */
export async function makeZip(path: string, entries: readonly ZipEntry[]): Promise<void> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const data = Buffer.from(entry.data);
    const packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    // version needed, flags, method 8, time, date
    [20, 0, 8, 0, 0x21].forEach((value, index) => common.writeUInt16LE(value, 2 * index));
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from('PK\u0003\u0004'), common, name, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((0o100000 | (entry.mode ?? 0o644)) * 0x10000, 6);
    tail.writeUInt32LE(offset, 10);
    // made on Unix, by version 2.0
    directory.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, tail, name);
    offset += 30 + name.length + packed.length;
  }
  const bytes = directory.reduce((sum, {length}) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(bytes, 8);
  end.writeUInt32LE(offset, 12);
  await writeFile(path, Buffer.concat([...parts, ...directory, Buffer.from('PK\u0005\u0006'), end]));
}
