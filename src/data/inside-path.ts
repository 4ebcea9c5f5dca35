import {UserError, exitCodes} from '../support/errors.js';

const longestPath = 4096;
const driveLetter = /^[A-Za-z]:\//;
// control characters break terminals, bidirectional overrides disguise names in messages
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/**
 * A path as an archive or a table writes it, made relative with forward slashes: `./images\\a.webp` becomes
 * `images/a.webp`.
 * @throws UserError (data) when it is empty, leads out of the set, or cannot be printed.
 */
export function insidePath(written: string, where: string): string {
  const path = withForwardSlashes(written);
  return accepted(path, written, where, leadsOut(path) ?? faultOf(path));
}

/**
 * A path in a table or list that the user names: as {@link insidePath}, but it may be absolute and lead out.
 * @throws UserError (data) when it is empty or cannot be printed.
 */
export function printablePath(written: string, where: string): string {
  const path = withForwardSlashes(written);
  return accepted(path, written, where, faultOf(path));
}

function withForwardSlashes(written: string): string {
  const parts = written.replaceAll('\\', '/').split('/');
  return parts.filter((part, i) => part !== '.' && (part !== '' || i === 0)).join('/');
}

function accepted(path: string, written: string, where: string, fault: string | null): string {
  if (fault === null) return path;
  const shown = JSON.stringify(written.length > 200 ? `${written.slice(0, 200)}...` : written);
  throw new UserError(`${where}: expected a path inside the set, got ${shown} (${fault})`, {
    exit: exitCodes.data,
  });
}

function leadsOut(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.startsWith('/') || driveLetter.test(path)) return 'it is absolute';
  return path.split('/').includes('..') ? 'it leads out of the set' : null;
}

function faultOf(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.length > longestPath) return `it is longer than ${longestPath} characters`;
  if (unprintable.test(path)) return 'it holds control characters';
  return null;
}

/** What operating systems leave in folders and archives: hidden files, `__MACOSX`, `Thumbs.db`, `desktop.ini`. */
export function isClutter(path: string): boolean {
  return path
    .split('/')
    .some((part) => part.startsWith('.') || /^(__macosx|thumbs\.db|desktop\.ini)$/i.test(part));
}
