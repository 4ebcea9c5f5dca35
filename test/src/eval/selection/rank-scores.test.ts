import {describe, expect, it} from 'vitest';
import {uniform} from '../../../../src/engine/random.js';
import {indexCaptions} from '../../../../src/eval/caption-index.js';
import type {Rows} from '../../../../src/eval/inner-products.js';
import {rankScores} from '../../../../src/eval/selection/rank-scores.js';

function randomRows(count: number, dim: number, seed: number): number[][] {
  return Array.from({length: count}, (_, i) =>
    Array.from({length: dim}, (__, k) => uniform(seed, i, k) - 0.5),
  );
}

const asRows = (rows: number[][]): Rows => ({
  values: Float64Array.from(rows.flat()),
  count: rows.length,
  dim: rows[0]!.length,
});
const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('rankScores', () => {
  it('is minus the mean log rank of the best right answer in both directions, in plain loops', () => {
    const captionsOf = [['a', 'b'], ['c'], ['B', 'd'], ['e'], ['e', 'f', 'e']];
    const captions = indexCaptions(captionsOf);
    const images = randomRows(5, 4, 1);
    const texts = randomRows(captions.texts.length, 4, 2);
    const has = (image: number, text: number) =>
      captionsOf[image]!.some((caption) => caption.toLowerCase() === captions.texts[text]!.toLowerCase());
    const all = captionsOf.flatMap((own) =>
      own.map((caption) => captions.texts.findIndex((text) => text.toLowerCase() === caption.toLowerCase())),
    );
    const imageRank = (image: number) => {
      const score = (text: number) => dot(images[image]!, texts[text]!);
      const best = Math.max(...all.filter((text) => has(image, text)).map(score));
      return 1 + all.filter((text) => !has(image, text) && score(text) >= best).length;
    };
    const textRank = (text: number) => {
      const score = (image: number) => dot(images[image]!, texts[text]!);
      const rows = [...images.keys()];
      const best = Math.max(...rows.filter((image) => has(image, text)).map(score));
      return 1 + rows.filter((image) => !has(image, text) && score(image) >= best).length;
    };
    const scores = rankScores({images: asRows(images), texts: asRows(texts), captions});
    scores.forEach((score, image) => {
      const own = captions.texts.flatMap((_, text) => (has(image, text) ? [text] : []));
      const expected = -mean([Math.log(imageRank(image)), mean(own.map((text) => Math.log(textRank(text))))]);
      expect(score).toBeCloseTo(expected, 12);
    });
  });

  it('is 0 where every pair is found first, and the same whatever the features are multiplied by', () => {
    const own = indexCaptions([['a'], ['b'], ['c']]);
    const axes = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect([...rankScores({images: asRows(axes), texts: asRows(axes), captions: own})].map(Math.abs)).toEqual(
      [0, 0, 0],
    );
    const images = randomRows(3, 3, 5);
    const texts = randomRows(3, 3, 6);
    const scaled = texts.map((row) => row.map((value) => 4 * value));
    expect(rankScores({images: asRows(images), texts: asRows(scaled), captions: own})).toEqual(
      rankScores({images: asRows(images), texts: asRows(texts), captions: own}),
    );
  });

  it('gives a model that finds all alike the last ranks', () => {
    const own = indexCaptions([['a'], ['b'], ['c']]);
    const same = asRows([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    rankScores({images: same, texts: same, captions: own}).forEach((score) =>
      expect(score).toBeCloseTo(-Math.log(3), 12),
    );
  });
});
