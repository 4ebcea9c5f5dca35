import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {uniform} from '../../../../src/engine/random.js';
import {maskDraws, maskWords} from '../../../../src/methods/shared/masked-words.js';
import {inScope, tensor} from '../../../support/tape.js';
import {tinyVit} from '../../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const t = 12;
const text = {...tinyVit.text, contextLength: 20, vocabSize: 1000};
/** Start 998, words from 100 on, end 999. */
const captionOf = (words: number) =>
  Array.from({length: t}, (_, i) => (i === 0 ? 998 : i <= words ? 100 + i : i === words + 1 ? 999 : 0));

function masked(words: readonly number[], share: number, seed = 0) {
  return inScope(() => {
    const draws = Object.entries(maskDraws({...tinyVit, text}, words.length)).map(([name, shape], d) => {
      const [n, length] = shape as [number, number];
      const rows = Array.from({length: n}, (_, i) =>
        Array.from({length}, (_v, j) => uniform(35, seed, d, i, j)),
      );
      return [name, tensor(rows)];
    });
    const captions = {
      ids: tf.tensor2d(words.map(captionOf), [words.length, t], 'int32'),
      end: tf.tensor1d(words.map((count) => count + 1), 'int32'), // prettier-ignore
    };
    const made = maskWords(captions, Object.fromEntries(draws) as Record<string, tf.Tensor>, {text, share});
    return {
      ids: made.ids.arraySync(),
      hidden: made.hidden.arraySync(),
      places: made.places.arraySync(),
      labels: made.labels.arraySync(),
    };
  });
}

describe('maskWords', () => {
  it('asks for the rounded share of the words of each caption, at least one, of none for none', () => {
    const words = [10, 7, 5, 1, 0];
    const {labels, places} = masked(words, 0.3);
    const k = 3;
    const perCaption = words.map((_, i) => labels.slice(i * k, (i + 1) * k).filter((label) => label >= 0));
    expect(perCaption.map((own) => own.length)).toEqual([3, 2, 2, 1, 0]);
    perCaption.forEach((own, i) => {
      // words by their own number, no word twice, none of start, end and padding
      expect(new Set(own).size).toBe(own.length);
      for (const label of own) expect(label).toBeGreaterThan(100);
      for (const label of own) expect(label).toBeLessThanOrEqual(100 + words[i]!);
      const asked = places[i]!.flatMap((row) => row.flatMap((value, at) => (value === 1 ? [100 + at] : [])));
      expect(asked).toEqual(own);
    });
  });

  it('hides 80 % of them, exchanges 10 % and leaves the rest, and touches no other token', () => {
    const counts = {hidden: 0, exchanged: 0, left: 0, all: 0};
    const words = Array.from({length: 60}, () => 10);
    for (let seed = 0; seed < 10; seed++) {
      const {ids, hidden, places} = masked(words, 0.3, seed);
      ids.forEach((row, i) => {
        const asked = new Set(places[i]!.map((place) => place.indexOf(1)));
        row.forEach((id, at) => {
          if (!asked.has(at)) {
            expect(id).toBe(captionOf(10)[at]);
            expect(hidden[i]![at]).toBe(0);
            return;
          }
          counts.all++;
          if (hidden[i]![at] === 1) counts.hidden++;
          else if (id === 100 + at) counts.left++;
          else counts.exchanged++;
          expect(id).toBeGreaterThanOrEqual(0);
          expect(id).toBeLessThan(1000);
        });
      });
    }
    expect(counts.all).toBe(1800);
    // deviations of 17 and 13
    expect(Math.abs(counts.hidden - 1440)).toBeLessThan(70);
    expect(Math.abs(counts.exchanged - 180)).toBeLessThan(50);
    expect(Math.abs(counts.left - 180)).toBeLessThan(50);
  });

  it('asks for any word alike', () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 10; seed++) {
      for (const label of masked(
        Array.from({length: 60}, () => 10),
        0.1,
        seed,
      ).labels)
        // prettier-ignore
        counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    // 60 each, with a deviation of 7
    for (let word = 101; word <= 110; word++) {
      expect(Math.abs((counts.get(word) ?? 0) - 60)).toBeLessThan(32);
    }
  });
});
