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
  const parts = written.replaceAll('\\', '/').split('/');
  const path = parts.filter((part, i) => part !== '.' && (part !== '' || i === 0)).join('/');
  const fault = faultOf(path);
  if (fault !== null) {
    const shown = JSON.stringify(written.length > 200 ? `${written.slice(0, 200)}...` : written);
    throw new UserError(`${where}: expected a path inside the set, got ${shown} (${fault})`, {
      exit: exitCodes.data,
    });
  }
  return path;
}

function faultOf(path: string): string | null {
  if (path === '') return 'it is empty';
  if (path.startsWith('/') || driveLetter.test(path)) return 'it is absolute';
  if (path.split('/').includes('..')) return 'it leads out of the set';
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
