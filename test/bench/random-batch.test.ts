import {describe, expect, it} from 'vitest';
import {captionLength} from '../../bench/train/caption-lengths.js';
import {benchModel} from '../../bench/train/models.js';
import {keywordTokens, pairedBatch, unpairedBatch} from '../../bench/train/random-batch.js';

const {config} = benchModel('tiny');
const {startToken, endToken, padToken, contextLength} = config.text;

const average = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

describe('the random batches of the bench', () => {
  it('captions are valid token rows: start, words, end where `end` says, padding', () => {
    const batch = pairedBatch(config, 20, 0);
    const {shape, data} = batch['paired.ids']!;
    expect(shape).toEqual([20, contextLength]);
    batch['paired.end']!.data.forEach((end, row) => {
      const ids = [...data.subarray(row * contextLength, (row + 1) * contextLength)];
      expect(ids[0]).toBe(startToken);
      expect(ids.indexOf(endToken)).toBe(end);
      expect(ids.slice(1, end).every((id) => id > 0 && id < startToken)).toBe(true);
      expect(ids.slice(end + 1).every((id) => id === padToken)).toBe(true);
    });
  });

  it('pixels have the mean and spread of normalised ones', () => {
    const {data, shape} = pairedBatch(config, 4, 0)['paired.images']!;
    expect(shape).toEqual([4, 64, 64, 3]);
    const values = Array.from(data);
    const mean = average(values);
    const variance = average(values.map((value) => (value - mean) ** 2));
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });

  it('another seed is another batch, the same seed the same', () => {
    const ids = (seed: number) => [...pairedBatch(config, 3, seed)['paired.ids']!.data];
    expect(ids(0)).toEqual(ids(0));
    expect(ids(1)).not.toEqual(ids(0));
  });

  it("keywords are as long as their words, and a caption holds three of them as UCM's do", () => {
    const words = Array.from({length: 95}, (_, i) => (i < 20 ? 'tennis court' : 'tree'));
    const {'keywords.end': end} = keywordTokens(config, words, 0);
    expect([...end!.data.slice(18, 22)]).toEqual([3, 3, 2, 2]);
    const labels = unpairedBatch(config, {pairs: 64, unpaired: 1, keywords: 95}, 0)['keywords.labels']!;
    expect(labels.shape).toEqual([64, 95]);
    const held = 95 * average(Array.from(labels.data));
    expect(Math.abs(held - 3.06)).toBeLessThan(0.6);
  });
});

describe('captionLength', () => {
  it("runs through UCM's lengths: 6 to 27 tokens, 14.1 in the mean", () => {
    const draws = Array.from({length: 8400}, (_, i) => (i + 0.5) / 8400);
    const lengths = draws.map(captionLength);
    expect([lengths[0], lengths.at(-1)]).toEqual([6, 27]);
    expect(average(lengths)).toBeCloseTo(14.1, 1);
  });

  it('refuses draws outside [0, 1)', () => {
    expect(() => captionLength(1)).toThrow('captionLength: expected a draw in [0, 1), got 1');
  });
});
