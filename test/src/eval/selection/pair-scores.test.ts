import {describe, expect, it} from 'vitest';
import {uniform} from '../../../../src/engine/random.js';
import {indexCaptions} from '../../../../src/eval/caption-index.js';
import type {Rows} from '../../../../src/eval/inner-products.js';
import {pairScores} from '../../../../src/eval/selection/pair-scores.js';

function unitRows(count: number, dim: number, seed: number): number[][] {
  return Array.from({length: count}, (_, i) => {
    const row = Array.from({length: dim}, (__, k) => uniform(seed, i, k) - 0.5);
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

const asRows = (rows: number[][]): Rows => ({
  values: Float64Array.from(rows.flat()),
  count: rows.length,
  dim: rows[0]!.length,
});

const captionsOf = [['a', 'b'], ['c'], ['B', 'd'], ['e'], ['e', 'f', 'e']];
const captions = indexCaptions(captionsOf);
const images = unitRows(5, 4, 1);
const texts = unitRows(captions.texts.length, 4, 2);
const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

describe('pairScores', () => {
  it('is the mean of both log probabilities of the right pairs, in plain loops', () => {
    const scale = 9;
    const weight = (image: number, text: number) => Math.exp(scale * dot(images[image]!, texts[text]!));
    const has = (image: number, text: string) =>
      captionsOf[image]!.some((caption) => caption.toLowerCase() === text);
    const expected = images.map((_, image) => {
      const own = captions.texts.flatMap((text, t) => (has(image, text) ? [t] : []));
      const all = texts.reduce((sum, __, t) => sum + weight(image, t), 0);
      const toText = Math.log(own.reduce((sum, t) => sum + weight(image, t), 0) / all);
      const toImage = own.map((t) => {
        const right = images.reduce(
          (sum, __, i) => sum + (has(i, captions.texts[t]!) ? weight(i, t) : 0),
          0,
        );
        return Math.log(right / images.reduce((sum, __, i) => sum + weight(i, t), 0));
      });
      return (toText + toImage.reduce((a, b) => a + b, 0) / own.length) / 2;
    });
    const scores = pairScores({images: asRows(images), texts: asRows(texts), captions, scale});
    scores.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 10));
  });

  it('is 0 at best and finite at the scale of a trained CLIP', () => {
    const own = indexCaptions([['a'], ['b'], ['c']]);
    const axes = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const right = pairScores({images: asRows(axes), texts: asRows(axes), captions: own, scale: 100});
    right.forEach((score) => expect(score).toBeCloseTo(0, 10));
    const turned = [axes[1]!, axes[2]!, axes[0]!];
    const wrong = pairScores({images: asRows(axes), texts: asRows(turned), captions: own, scale: 100});
    wrong.forEach((score) => expect(score).toBeCloseTo(-100, 10));
  });

  it('counts an equal text as right wherever it stands', () => {
    const shared = indexCaptions([['same'], ['same']]);
    const scores = pairScores({
      images: asRows(unitRows(2, 3, 7)),
      texts: asRows(unitRows(1, 3, 8)),
      captions: shared,
      scale: 20,
    });
    scores.forEach((score) => expect(score).toBeCloseTo(0, 12));
  });
});
