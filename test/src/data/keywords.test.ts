import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {drawCaption, keywordLabels} from '../../../src/data/keywords.js';

describe('keywordLabels', () => {
  it('matches between spaces, with case and punctuation, nested keywords too', () => {
    const keywords = ['port', 'parking', 'parking lot', 'river'];
    const captions = ['a port', 'an airport', 'parking lot', 'a river.', 'A River', 'parking  lot river'];
    expect([...keywordLabels(keywords, captions)]).toEqual(
      [
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 1, 0, 1],
      ].flat(),
    );
  });

  it('finds single words exactly where splitting at spaces finds them', () => {
    const word = fc.stringMatching(/^[ab.]{1,2}$/);
    const caption = fc.array(fc.oneof(word, fc.constant('')), {maxLength: 6}).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(word, {minLength: 1}), fc.array(caption), (keywords, captions) => {
        const expected = captions.flatMap((text) =>
          keywords.map((w) => (text.split(' ').includes(w) ? 1 : 0)),
        );
        expect([...keywordLabels(keywords, captions)]).toEqual(expected);
      }),
    );
  });
});

describe('drawCaption', () => {
  const captions = ['a', 'b', 'c', 'd', 'e'];

  it('depends on its arguments alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, epoch, row) => {
        expect(drawCaption(captions, seed, 3, epoch, row)).toBe(drawCaption(captions, seed, 3, epoch, row));
        expect(captions).toContain(drawCaption(captions, seed, 3, epoch, row));
      }),
    );
  });

  it('draws every caption equally often over the epochs of a row', () => {
    const counts = new Map(captions.map((caption) => [caption, 0]));
    for (let epoch = 0; epoch < 10_000; epoch++) {
      const drawn = drawCaption(captions, 1, 3, epoch, 4);
      counts.set(drawn, counts.get(drawn)! + 1);
    }
    // 2000 expected, standard deviation 40
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('needs a caption', () => {
    expect(() => drawCaption([], 0)).toThrow('drawCaption: expected at least one caption, got none');
  });
});
