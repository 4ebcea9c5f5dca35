import {exitCodes, UserError} from '../../support/errors.js';

/** What a safetensors header may hold: strings, whole numbers, lists and objects. */
export type HeaderValue = string | number | readonly HeaderValue[] | HeaderObject;
export type HeaderObject = ReadonlyMap<string, HeaderValue>;

interface Cursor {
  readonly text: string;
  /** The file, for errors. */
  readonly where: string;
  at: number;
}

/** Nesting of a valid header: the object, a tensor's object, its lists. */
const maxDepth = 3;

/**
 * Parses a safetensors header. JSON.parse would let duplicate keys, fractions and any depth pass.
 * @throws UserError with exit code `data`, naming the byte where the text stops being a header.
 */
export function parseHeaderJson(text: string, where: string): HeaderObject {
  const cursor: Cursor = {text, where, at: 0};
  if (text[0] !== '{') throw unexpected(cursor, 'a header that starts with {');
  const value = parseObject(cursor, 1);
  skipSpaces(cursor);
  if (cursor.at < text.length) throw unexpected(cursor, 'nothing but spaces after the header');
  return value;
}

function parseValue(cursor: Cursor, depth: number): HeaderValue {
  skipSpaces(cursor);
  const first = cursor.text[cursor.at];
  if (first === '{' || first === '[') {
    if (depth > maxDepth) throw unexpected(cursor, `a header at most ${maxDepth} levels deep`);
    return first === '{' ? parseObject(cursor, depth) : parseList(cursor, depth);
  }
  return first === '"' ? parseString(cursor) : parseWholeNumber(cursor);
}

function parseObject(cursor: Cursor, depth: number): HeaderObject {
  const entries = new Map<string, HeaderValue>();
  cursor.at++;
  if (!accept(cursor, '}')) {
    do {
      skipSpaces(cursor);
      const key = parseString(cursor);
      if (entries.has(key)) throw fault(cursor, `expected every key once, got ${JSON.stringify(key)} twice`);
      expect(cursor, ':');
      entries.set(key, parseValue(cursor, depth + 1));
    } while (accept(cursor, ','));
    expect(cursor, '}');
  }
  return entries;
}

function parseList(cursor: Cursor, depth: number): HeaderValue[] {
  const items: HeaderValue[] = [];
  cursor.at++;
  if (!accept(cursor, ']')) {
    do items.push(parseValue(cursor, depth + 1));
    while (accept(cursor, ','));
    expect(cursor, ']');
  }
  return items;
}

function parseString(cursor: Cursor): string {
  const {text, at} = cursor;
  if (text[at] !== '"') throw unexpected(cursor, 'a string');
  // no regular expression here: on a very long string its backtracking would exhaust the stack
  let end = text.indexOf('"', at + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  try {
    const value = JSON.parse(text.slice(at, end + 1)) as string;
    cursor.at = end + 1;
    return value;
  } catch {
    throw unexpected(cursor, 'a valid JSON string');
  }
}

function parseWholeNumber(cursor: Cursor): number {
  const start = cursor.at;
  let end = start;
  while (isDigit(cursor.text.charCodeAt(end))) end++;
  const digits = cursor.text.slice(start, end);
  if (digits === '' || (digits.length > 1 && digits[0] === '0') || '.eE'.includes(cursor.text[end] ?? ' ')) {
    throw unexpected(cursor, 'a string, a whole number, a list or an object');
  }
  if (!Number.isSafeInteger(Number(digits))) {
    throw fault(cursor, `expected whole numbers below 2^53, got ${digits.slice(0, 24)}`);
  }
  cursor.at = end;
  return Number(digits);
}

/** Whether an odd number of backslashes stands before this position. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === '\\') before--;
  return (at - before) % 2 === 1;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function accept(cursor: Cursor, character: string): boolean {
  skipSpaces(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!accept(cursor, character)) throw unexpected(cursor, character);
}

function skipSpaces(cursor: Cursor): void {
  while (isSpace(cursor.text.charCodeAt(cursor.at))) cursor.at++;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

function unexpected(cursor: Cursor, wanted: string): UserError {
  const got =
    cursor.at < cursor.text.length ? JSON.stringify(cursor.text.slice(cursor.at, cursor.at + 12)) : 'its end';
  return fault(cursor, `expected ${wanted}, got ${got}`);
}

function fault(cursor: Cursor, message: string): UserError {
  return new UserError(`${cursor.where}: header, character ${cursor.at}: ${message}`, {exit: exitCodes.data});
}
