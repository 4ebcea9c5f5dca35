import {describe, expect, it} from 'vitest';
import {indexCaptions, sameTextKey} from '../../../src/eval/caption-index.js';

describe('indexCaptions', () => {
  const index = indexCaptions([['A river .', 'Two  boats'], ['a river .', 'a river .'], ['two boats ']]);

  it('keeps each distinct text once, as it is first spelled', () => {
    expect(index.texts).toEqual(['A river .', 'Two  boats']);
  });

  it('counts how many captions say a text', () => {
    expect([...index.copies]).toEqual([3, 2]);
  });

  it('knows the texts of an image, repeats included, and the images of a text, none twice', () => {
    expect(index.textsOf.map((ids) => [...ids])).toEqual([[0, 1], [0, 0], [1]]);
    expect(index.imagesOf.map((ids) => [...ids])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it('finds an image that repeats a text of an earlier image only once', () => {
    const repeated = indexCaptions([['x', 'y', 'x'], ['x'], ['x', 'x']]);
    expect([...repeated.imagesOf[0]!]).toEqual([0, 1, 2]);
  });
});

describe('sameTextKey', () => {
  it('ignores capitals and white space, nothing else', () => {
    expect(sameTextKey('  A\tRiver \n near a Port ')).toBe('a river near a port');
    expect(sameTextKey('a river.')).not.toBe(sameTextKey('a river .'));
  });
});
