import {describe, expect, it} from 'vitest';
import {splitKeys, withKeys} from '../../../src/support/column-keys.js';

describe('columns behind a path', () => {
  it('are taken off as they were put on, before the split', () => {
    const keys = {image: 'my image', caption: 'a&b=c?'};
    const written = withKeys('x/photos.csv', keys);
    expect(written).toBe('x/photos.csv?img-key=my%20image&caption-key=a%26b%3Dc%3F');
    expect(splitKeys(written)).toEqual({path: 'x/photos.csv', keys});
    expect(withKeys('x.csv', {})).toBe('x.csv');
    expect(withKeys('x.csv#train', {caption: 'alt'})).toBe('x.csv?caption-key=alt#train');
  });

  it('leave other paths alone', () => {
    for (const path of ['a.tar', 'what?.csv', 'a?key=b', '?img-key=a', 'a.csv?img-key=b&other=c']) {
      expect(splitKeys(path)).toEqual({path, keys: {}});
    }
  });
});
