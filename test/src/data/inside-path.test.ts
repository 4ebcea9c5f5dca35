import fc from 'fast-check';
import {posix} from 'node:path';
import {describe, expect, it} from 'vitest';
import {insidePath, isClutter} from '../../../src/data/inside-path.js';
import {UserError} from '../../../src/support/errors.js';

describe('insidePath', () => {
  it.each([
    ['a.webp', 'a.webp'],
    ['./images//a.webp', 'images/a.webp'],
    ['images\\b\\a.webp', 'images/b/a.webp'],
    ['..a/b..c', '..a/b..c'],
    ['ä b/c:d.jpg', 'ä b/c:d.jpg'],
  ])('takes %j as %j', (written, expected) => {
    expect(insidePath(written, 'here')).toBe(expected);
  });

  it.each([
    ['', 'it is empty'],
    ['./', 'it is empty'],
    ['/a', 'it is absolute'],
    ['\\\\server\\a', 'it is absolute'],
    ['D:\\a', 'it is absolute'],
    ['a/../b', 'it leads out of the set'],
    ['..', 'it leads out of the set'],
    ['x'.repeat(4097), 'it is longer than 4096 characters'],
    ['a\0.jpg', 'it holds control characters'],
  ])('refuses %j', (written, fault) => {
    expect(() => insidePath(written, 'here')).toThrow(UserError);
    expect(() => insidePath(written, 'here')).toThrow(/^here: expected a path inside the set, got ".*" \(/);
    expect(() => insidePath(written, 'here')).toThrow(`(${fault})`);
  });

  it('gives only paths that stay below the root, whatever is written', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', '/', '\\', 'C:', '\0'), fc.string());
    fc.assert(
      fc.property(fc.array(part, {maxLength: 6}), fc.constantFrom('/', '\\', ''), (parts, between) => {
        let path: string;
        try {
          path = insidePath(parts.join(between), 'here');
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return;
        }
        expect(posix.join('/root', path).startsWith('/root/')).toBe(true);
        expect(posix.join('/root', path)).toBe(`/root/${path}`);
        expect(path).not.toMatch(/[\\\p{Cc}]/u);
      }),
      {numRuns: 2000},
    );
  });
});

describe('isClutter', () => {
  it('knows what operating systems leave behind, in any folder', () => {
    const clutter = ['.DS_Store', 'a/._b.jpg', '__MACOSX/a.jpg', 'a/thumbs.DB', 'Desktop.ini', '.git/a.jpg'];
    expect(clutter.filter((path) => !isClutter(path))).toEqual([]);
    expect(['a.jpg', 'a/thumbs.jpg', 'a.b/c'].filter(isClutter)).toEqual([]);
  });
});
