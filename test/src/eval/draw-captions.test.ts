import {expect, it} from 'vitest';
import {drawCaptions} from '../../../src/eval/draw-captions.js';

const captions = Array.from({length: 3000}, (_, i) => [`${i}a`, `${i}b`, `${i}c`]);

it('draws one caption of each image, each about as often', () => {
  const drawn = drawCaptions(captions, 0);
  expect(drawn.every((caption, i) => captions[i]!.includes(caption))).toBe(true);
  for (const letter of ['a', 'b', 'c']) {
    const count = drawn.filter((caption) => caption.endsWith(letter)).length;
    // 1,000 expected, standard deviation 26
    expect(Math.abs(count - 1000)).toBeLessThan(110);
  }
});

it('draws the same for the same seed, others for another', () => {
  expect(drawCaptions(captions, 1)).toEqual(drawCaptions(captions, 1));
  expect(drawCaptions(captions, 1)).not.toEqual(drawCaptions(captions, 2));
});

it('does not change what it draws for the first images when more follow', () => {
  expect(drawCaptions(captions.slice(0, 50), 4)).toEqual(drawCaptions(captions, 4).slice(0, 50));
});
