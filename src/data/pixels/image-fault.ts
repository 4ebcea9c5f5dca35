import {isUtf8} from 'node:buffer';
import {exitCodes, UserError} from '../../support/errors.js';

/** Why a file is not an image that we can use, in the words that follow "got" in the message. */
export type ImageFault =
  'an empty file' | 'a damaged image' | 'an unsupported format' | 'too many pixels' | 'other content';

/** The error for a file that the decoder refused, from its first bytes and the decoder's message. */
export function imageError(place: string, content: Buffer, error: Error): UserError {
  const {fault, detail} = imageFault(content, error);
  const got = detail === '' ? fault : `${fault}: ${detail}`;
  return new UserError(`${place}: expected an image, got ${got}`, {exit: exitCodes.data, cause: error});
}

/** The error for an image with more pixels than we decode. */
export function tooManyPixels(
  place: string,
  {width, height, limit}: Record<'width' | 'height' | 'limit', number>,
): UserError {
  const fault: ImageFault = 'too many pixels';
  return new UserError(
    `${place}: expected an image, got ${fault}: ${width} x ${height}, the limit is ${limit}`,
    {
      tryThis: 'scale it down: a few hundred pixels are enough',
      exit: exitCodes.data,
    },
  );
}

/** Why the decoder refused a file, and what it is or where it broke; the second may be empty. */
export function imageFault(
  content: Buffer,
  {message}: Error,
): {readonly fault: ImageFault; readonly detail: string} {
  const [fault, detail] = diagnose(content, message);
  return {fault, detail};
}

function diagnose(content: Buffer, message: string): readonly [ImageFault, string] {
  if (content.length === 0) return ['an empty file', ''];
  const format = signatures.find(
    ({start, at = 0}) => content.toString('latin1', at, at + start.length) === start,
  );
  if (format && message.includes('channel limit')) {
    return ['an unsupported format', `${format.name} with more than 5 channels`];
  }
  if (format?.isRead) return ['a damaged image', `${format.name}: ${lastReason(message)}`];
  if (format) return ['an unsupported format', format.name];
  return ['other content', describeContent(content)];
}

/** The decoder repeats itself and names its own parts; the last line says what went wrong. */
function lastReason(message: string): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const reason = (lines.at(-1) ?? '').replace(/^.*(?:corrupt header:|vips\w*:|load_buffer:)\s*/i, '');
  return reason === '' || reason.includes('unsupported image format') ? 'it ends too early' : reason;
}

function describeContent(content: Buffer): string {
  const start = content.subarray(0, 512).toString('latin1').trimStart().toLowerCase();
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
  return isUtf8(content) && !content.includes(0) ? 'text' : 'unknown data';
}

interface Signature {
  readonly name: string;
  readonly start: string;
  readonly at?: number;
  readonly isRead: boolean;
}

const signatures: readonly Signature[] = [
  {name: 'JPEG', start: '\xff\xd8', isRead: true},
  {name: 'PNG', start: '\x89PNG', isRead: true},
  {name: 'GIF', start: 'GIF8', isRead: true},
  {name: 'WebP', start: 'WEBP', at: 8, isRead: true},
  {name: 'TIFF', start: 'II*\0', isRead: true},
  {name: 'TIFF', start: 'MM\0*', isRead: true},
  {name: 'AVIF', start: 'ftypavif', at: 4, isRead: true},
  {name: 'SVG', start: '<svg', isRead: true},
  {name: 'HEIC', start: 'ftyphei', at: 4, isRead: false},
  {name: 'HEIC', start: 'ftypmif1', at: 4, isRead: false},
  {name: 'BMP', start: 'BM', isRead: false},
  {name: 'JPEG 2000', start: '\0\0\0\x0cjP', isRead: false},
  {name: 'JPEG XL', start: '\xff\x0a', isRead: false},
  {name: 'JPEG XL', start: '\0\0\0\x0cJXL', isRead: false},
  {name: 'Photoshop', start: '8BPS', isRead: false},
  {name: 'icon', start: '\0\0\x01\0', isRead: false},
  {name: 'PDF', start: '%PDF', isRead: false},
];
