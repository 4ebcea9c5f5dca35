import {stat} from 'node:fs/promises';
import {EXPANSION_MAX, expand} from 'brace-expansion';
import {UserError, exitCodes} from '../support/errors.js';

const wildcard = /[*?]/;

/**
 * The files that a path with `::` and braces names, in order: `a/{00..02}.tar::b.tar` are four. A path that exists as it
 * is written is taken so.
 * @throws UserError (data) when one of several is missing.
 */
export async function expandPath(path: string): Promise<readonly string[]> {
  if (!/::|\{.*\}/s.test(path) || (await exists(path))) return [path];
  // the braces of a pattern belong to the pattern
  const paths = path.split('::').flatMap((part) => (wildcard.test(part) ? [part] : expand(part)));
  if (paths.length >= EXPANSION_MAX) {
    throw new UserError(`${path}: expected fewer than ${EXPANSION_MAX} files, got more`, {
      exit: exitCodes.data,
    });
  }
  if (paths.length === 1) return paths;
  const missing: string[] = [];
  for (const each of paths) if (!wildcard.test(each) && !(await exists(each))) missing.push(each);
  if (missing.length === 0) return paths;
  const names = missing.slice(0, 3).join(', ');
  const more = missing.length > 3 ? `, ... (${missing.length} in all)` : '';
  throw new UserError(`${path}: expected all of ${paths.length} files, got none for ${names}${more}`, {
    tryThis: 'check the range in the braces, or fetch what is missing',
    exit: exitCodes.data,
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
