import {isUtf8} from 'node:buffer';
import {UserError, exitCodes} from '../support/errors.js';

/**
 * The text of a UTF-8 file without its byte order mark.
 * @throws UserError (data) for binary files and other encodings, with the first line that is not UTF-8.
 */
export function utf8Text(content: Buffer, place: string): string {
  if (!isUtf8(content) || content.includes(0)) {
    throw new UserError(`${place}: expected UTF-8 text, got ${otherThanUtf8(content)}`, {
      tryThis: `iconv -f ISO-8859-1 -t UTF-8 '${place}' > utf8.txt (with the encoding it has)`,
      exit: exitCodes.data,
    });
  }
  const text = content.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function otherThanUtf8(content: Buffer): string {
  const mark = content.subarray(0, 2).toString('hex');
  if (mark === 'fffe' || mark === 'feff') return 'UTF-16';
  if (content.includes(0)) return 'a binary file';
  let start = 0;
  for (let line = 1; ; line++) {
    const end = content.indexOf(0x0a, start);
    if (end === -1 || !isUtf8(content.subarray(start, end))) return `other bytes in line ${line}`;
    start = end + 1;
  }
}
