import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {expandPath, setPath, withKeys} from '../../../src/data/set-path.js';
import {folderOf} from '../../support/files-on-disk.js';

describe('setPath', () => {
  it('takes columns from the end of a path, as withKeys writes them', () => {
    const keys = {image: 'my image', caption: 'a&b=c?'};
    const written = withKeys('x/photos.csv', keys);
    expect(written).toBe('x/photos.csv?img-key=my%20image&caption-key=a%26b%3Dc%3F');
    expect(setPath(written)).toEqual({path: 'x/photos.csv', keys});
    expect(withKeys('x.csv', {})).toBe('x.csv');
  });

  it('leaves other paths alone', () => {
    for (const path of ['a.tar', 'what?.csv', 'a?key=b', '?img-key=a', 'a.csv?img-key=b&other=c']) {
      expect(setPath(path)).toEqual({path, keys: {}});
    }
  });
});

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
