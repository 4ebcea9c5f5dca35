import {constants, crc32, deflateSync} from 'node:zlib';

/** A PNG of many black pixels in few bytes: RGB, 8 bits, a thousandth of its pixels' bytes long. */
export function largePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const bytes = height * (3 * width + 1);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', zeros(bytes)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** So many zeros in zlib's format: one compressed piece again and again. */
function zeros(bytes: number): Buffer {
  const piece = 1 << 20;
  const compressed = (length: number, finishFlush: number) =>
    deflateSync(Buffer.alloc(length), {finishFlush, level: 9}).subarray(2);
  const whole = compressed(piece, constants.Z_FULL_FLUSH);
  const pieces = Array.from({length: Math.floor(bytes / piece)}, () => whole);
  // the last piece brings an end, with a checksum of its own that is replaced: 1 and the number of zeros
  const last = compressed(bytes % piece, constants.Z_FINISH).subarray(0, -4);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt16BE(bytes % 65_521, 0);
  checksum.writeUInt16BE(1, 2);
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...pieces, last, checksum]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
