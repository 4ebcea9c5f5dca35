import {decodeHTML} from 'entities/decode';
import {windows1252Character} from './single-byte-encodings.js';

const reference = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;

/**
 * Replaces HTML character references as Python's `html.unescape` does: named ones by the HTML5 table (the longest
 * known name where the semicolon is missing), numeric ones by code point, and those that stand for no character
 * (controls, non-characters) by nothing.
 */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (whole, name: string) =>
    name.startsWith('#') ? numericCharacter(name) : decodeHTML(whole),
  );
}

function numericCharacter(name: string): string {
  const isHexadecimal = name[1] === 'x' || name[1] === 'X';
  // A number too long for a double becomes Infinity, which is out of range like any other.
  const code = isHexadecimal ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  if (code === 0 || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  if (code === 0x0d) return '\r';
  if (code >= 0x80 && code <= 0x9f) return windows1252Character(code);
  return standsForNothing(code) ? '' : String.fromCodePoint(code);
}

/** Code points that HTML calls parse errors and Python drops: control characters and non-characters. */
function standsForNothing(code: number): boolean {
  const isControl = code < 0x20 ? code !== 0x09 && code !== 0x0a && code !== 0x0c : code === 0x7f;
  const isNonCharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
  return isControl || isNonCharacter;
}
