import {looksLikeMojibake} from './mojibake-signs.js';
import {
  encodeBytes,
  latinLikeEncodings,
  misreadEncodings,
  windows1252Character,
  type SingleByteEncoding,
} from './single-byte-encodings.js';

/**
 * Undoes mojibake, UTF-8 that was read in a single-byte encoding ("cafÃ©"), as often as it happened. Text without
 * signs of it is returned as it is. Decides as `fix_encoding` of ftfy 6.3 does.
 */
export function repairMojibake(text: string): string {
  let current = text;
  for (;;) {
    const next = repairOnce(current);
    if (next === current) return current;
    current = next;
  }
}

/** Reads C1 control characters, which nobody means, as the Windows-1252 characters of their number. */
export function replaceC1Controls(text: string): string {
  return text.replace(c1Control, (control) => windows1252Character(control.charCodeAt(0)));
}

const nonAscii = /[\x80-\uffff]/;
const c1Control = /[\x80-\x9f]/g;

function repairOnce(text: string): string {
  if (!nonAscii.test(text) || !looksLikeMojibake(text)) return text;

  for (const encoding of misreadEncodings) {
    const bytes = encodeBytes(text, encoding);
    const decoded = bytes === undefined ? undefined : decodeUtf8(restoreBytes(bytes, encoding));
    if (decoded !== undefined) return decoded;
  }

  const inPart = repairParts(text);
  return inPart === text ? replaceC1Controls(text) : inPart;
}

/** Repairs runs that look like whole UTF-8 sequences inside text that is otherwise sound. */
function repairParts(text: string): string {
  return text.replace(utf8Run, (run) =>
    run.length < text.length && looksLikeMojibake(run) ? repairMojibake(run) : run,
  );
}

/** Puts back what was lost on the way: no-break spaces that became spaces, and bytes that could not be shown. */
function restoreBytes(bytes: string, {name, marksLoss}: SingleByteEncoding): string {
  let restored = bytes;
  // In Mac Roman the same bytes are an en dash and a space, which people do write.
  if (name !== 'macroman' && spacedUtf8.test(bytes)) restored = restoreNoBreakSpaces(bytes);
  return marksLoss ? restored.replace(lossyUtf8, '\xef\xbf\xbd') : restored;
}

function restoreNoBreakSpaces(bytes: string): string {
  return bytes
    .replace(graveWord, '\xc3\xa0 ')
    .replaceAll(new RegExp(spacedUtf8, 'g'), (sequence) => sequence.replaceAll(' ', '\xa0'));
}

/** UTF-8 sequences in which one byte A0 became a space; lead bytes only where the result is a likely character. */
const spacedUtf8 = new RegExp(
  [
    '[\xc2\xc3\xc5\xce\xd0\xd9] ',
    '[\xe2\xe3] [\x80-\x84\x86-\x9f\xa1-\xbf]',
    '[\xe0-\xe3][\x80-\x84\x86-\x9f\xa1-\xbf] ',
    '\xf0 [\x80-\xbf][\x80-\xbf]',
    '\xf0[\x80-\xbf] [\x80-\xbf]',
    '\xf0[\x80-\xbf][\x80-\xbf] ',
  ].join('|'),
);

/** "Ã " is the word "à" and its space, except at the start of some Portuguese words. */
const graveWord = /\xc3 (?! |quele|quela|quilo|s )/g;

/** UTF-8 and CESU-8 sequences with a lost byte (1A, at most once a question mark). */
const lossyUtf8 = new RegExp(
  [
    '[\xc2-\xdf]\x1a',
    '[\xc2-\xc3]\\?',
    '\xed[\xa0-\xaf][\x1a?]\xed[\xb0-\xbf][\x1a?\x80-\xbf]',
    '\xed[\xa0-\xaf][\x1a?\x80-\xbf]\xed[\xb0-\xbf][\x1a?]',
    '[\xe0-\xef][\x1a?][\x1a\x80-\xbf]',
    '[\xe0-\xef][\x1a\x80-\xbf][\x1a?]',
    '[\xf0-\xf4][\x1a?][\x1a\x80-\xbf][\x1a\x80-\xbf]',
    '[\xf0-\xf4][\x1a\x80-\xbf][\x1a?][\x1a\x80-\xbf]',
    '[\xf0-\xf4][\x1a\x80-\xbf][\x1a\x80-\xbf][\x1a?]',
    '\x1a',
  ].join('|'),
  'g',
);

/** Strict UTF-8, and its variants where their bytes occur: Java's zero (C0 80) and surrogate pairs (CESU-8). */
function decodeUtf8(bytes: string): string | undefined {
  const hasVariants = bytes.includes('\xed') || bytes.includes('\xc0');
  const standard = hasVariants ? bytes.replace(javaZero, '\0').replace(cesuPair, cesuToUtf8) : bytes;
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(Buffer.from(standard, 'latin1'));
  } catch {
    return undefined;
  }
}

// The reference takes a C0 in front of the last line break for one, too.
const javaZero = /\xc0(?:\x80|\n$)/g;
const cesuPair = /\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/g;

function cesuToUtf8(pair: string): string {
  const [, a = 0, b = 0, , c = 0, d = 0] = Buffer.from(pair, 'latin1');
  const codePoint = 0x10000 + ((a & 0x0f) << 16) + ((b & 0x3f) << 10) + ((c & 0x0f) << 6) + (d & 0x3f);
  return Buffer.from(String.fromCodePoint(codePoint), 'utf8').toString('latin1');
}

/** One or more whole UTF-8 sequences as Latin-like encodings show them, not in the middle of a longer garble. */
const utf8Run = buildUtf8Run();

function buildUtf8Run(): RegExp {
  const second = charactersOfBytes(0x80, 0xbf);
  // Spaces, dashes, quotes, bullets and dots may well stand for themselves before a misread sequence.
  const strictSecond = second.replace(/[–—―‘’‚“”„•…]/g, '');
  const continuation = `[${second} ]`;
  const sequences = [
    `[${charactersOfBytes(0xc2, 0xdf)}]${continuation}`,
    `[${charactersOfBytes(0xe0, 0xef)}]${continuation}{2}`,
    `[${charactersOfBytes(0xf0, 0xf0)}${charactersOfBytes(0xf3, 0xf3)}]${continuation}{3}`,
  ];
  return new RegExp(`(?<![${strictSecond}])(?:${sequences.join('|')})+`, 'gu');
}

/** What the bytes of a closed range show as in any of the Latin-like encodings. */
function charactersOfBytes(first: number, last: number): string {
  const characters = latinLikeEncodings.flatMap(({byteOf}) =>
    [...byteOf]
      .filter(([, byte]) => byte.charCodeAt(0) >= first && byte.charCodeAt(0) <= last)
      .map(([c]) => c),
  );
  return [...new Set(characters)].join('');
}
