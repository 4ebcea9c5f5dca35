import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {expandPath} from '../../../src/data/expand-path.js';
import {folderOf} from '../../support/files-on-disk.js';

describe('expandPath', () => {
  it('keeps the zeros of a range, and a name that really has braces', async () => {
    const folder = await folderOf({
      '08.tar': '',
      '09.tar': '',
      '10.tar': '',
      '{08..10}.tar.txt': '',
      'a::b': '',
    });
    const at = (...names: readonly string[]) => names.map((name) => join(folder, name));
    expect(await expandPath(join(folder, '{08..10}.tar'))).toEqual(at('08.tar', '09.tar', '10.tar'));
    expect(await expandPath(join(folder, '{08..10}.tar.txt'))).toEqual(at('{08..10}.tar.txt'));
    expect(await expandPath(join(folder, 'a::b'))).toEqual(at('a::b'));
  });

  it('refuses a range that is too long', async () => {
    await expect(expandPath('x/{0..99999999}.tar')).rejects.toThrow(
      'x/{0..99999999}.tar: expected fewer than 100000 files, got more',
    );
  });
});
