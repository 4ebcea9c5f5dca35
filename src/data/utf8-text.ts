import {isUtf8} from 'node:buffer';
import {createReadStream} from 'node:fs';
import {UserError, exitCodes} from '../support/errors.js';
import {readFilePart, type FilePart} from './file-part.js';

/** What becomes of bytes that are not UTF-8: a refusal, or U+FFFD in their place. */
export type OtherBytes = 'refused' | 'replaced';

/**
 * The text of a UTF-8 file without its byte order mark.
 * @throws UserError (data) for binary files and other encodings, with the first line that is not UTF-8.
 */
export function utf8Text(content: Buffer, place: string, others: OtherBytes = 'refused'): string {
  return withoutMark(checkedText(content, {place, firstLine: 1, others}));
}

/**
 * The text of a UTF-8 file piece by piece, each some whole lines: a table of a million lines is never in memory as a
 * whole. Without byte order mark.
 * @throws UserError (data) as {@link utf8Text}.
 */
export async function* utf8Pieces(
  part: FilePart,
  place: string,
  others: OtherBytes = 'refused',
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  let isFirst = true;
  const textOf = (content: Buffer) => {
    const text = checkedText(content, {place, firstLine: line, others});
    line += content.filter((byte) => byte === lineBreak).length;
    const piece = isFirst ? withoutMark(text) : text;
    isFirst = false;
    return piece;
  };
  for await (const chunk of chunksOf(part)) {
    const end = chunk.lastIndexOf(lineBreak);
    if (end === -1) {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > longestLine) throw notText(place, `line ${line} of more than ${longestLine} bytes`);
      continue;
    }
    yield textOf(Buffer.concat([rest, chunk.subarray(0, end + 1)]));
    rest = chunk.subarray(end + 1);
  }
  if (rest.length > 0) yield textOf(rest);
}

/** The lines of a UTF-8 file with their numbers, from 1; see {@link utf8Pieces}. */
export async function* utf8Lines(
  part: FilePart,
  place: string,
  others: OtherBytes = 'refused',
): AsyncGenerator<{readonly text: string; readonly line: number}> {
  let line = 0;
  for await (const piece of utf8Pieces(part, place, others)) {
    const lines = piece.split('\n');
    if (piece.endsWith('\n')) lines.pop();
    for (const text of lines) yield {text: text.endsWith('\r') ? text.slice(0, -1) : text, line: ++line};
  }
}

const lineBreak = 0x0a;
const longestLine = 64 * 1024 ** 2;

async function* chunksOf(part: FilePart): AsyncGenerator<Buffer> {
  const {path, entry} = part;
  if (entry?.deflated !== undefined || part.cell !== undefined || entry?.bytes === 0) {
    yield await readFilePart(part);
    return;
  }
  const range = entry && {start: entry.offset, end: entry.offset + entry.bytes - 1};
  try {
    yield* createReadStream(path, {...range, highWaterMark: 1 << 20}) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UserError(`${path}: expected a readable file, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

function checkedText(
  content: Buffer,
  {place, firstLine, others}: {place: string; firstLine: number; others: OtherBytes},
): string {
  const isText = !content.includes(0) && (others === 'replaced' || isUtf8(content));
  if (!isText) throw notText(place, otherThanUtf8(content, firstLine));
  return content.toString('utf8');
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function notText(place: string, got: string): UserError {
  return new UserError(`${place}: expected UTF-8 text, got ${got}`, {
    tryThis: `iconv -f ISO-8859-1 -t UTF-8 '${place}' > utf8.txt (with the encoding it has)`,
    exit: exitCodes.data,
  });
}

function otherThanUtf8(content: Buffer, firstLine: number): string {
  const mark = content.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return 'UTF-16';
  if (content.includes(0)) return 'a binary file';
  let start = 0;
  for (let line = firstLine; ; line++) {
    const end = content.indexOf(lineBreak, start);
    if (end === -1 || !isUtf8(content.subarray(start, end))) return `other bytes in line ${line}`;
    start = end + 1;
  }
}
