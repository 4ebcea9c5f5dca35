import {describe, expect, it} from 'vitest';
import {rewriteCaption} from '../../../src/data/rewrite-caption.js';
import {uniform} from '../../../src/engine/random.js';

const caption = 'a b c d e f g h i j k l m n o p q r s t';
const words = caption.split(' ');
/** A rewriting with draws of its own; the first of them says which of the three it is. */
const rewritten = (kind: 0 | 1 | 2, seed: number, text = caption) =>
  rewriteCaption(text, (draw) => (draw === 0 ? (kind + 0.5) / 3 : uniform(seed, draw))).split(' ');
const seeds = Array.from({length: 200}, (_, i) => i);

describe('rewriteCaption', () => {
  it('exchanges the words of two pairs of places out of twenty words', () => {
    for (const seed of seeds) {
      const changed = rewritten(0, seed);
      expect([...changed].sort()).toEqual(words);
      expect(changed.filter((word, i) => word !== words[i]).length).toBeLessThanOrEqual(4);
    }
    expect(seeds.filter((seed) => rewritten(0, seed).join(' ') === caption).length).toBeLessThan(20);
  });

  it('leaves words out, a tenth of them in the mean, in the order of the rest', () => {
    const lengths = seeds.map((seed) => {
      const changed = rewritten(1, seed);
      expect(changed).toEqual(words.filter((word) => changed.includes(word)));
      return changed.length;
    });
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(Math.abs(mean - 18)).toBeLessThan(0.4); // a deviation of 0.1
  });

  it('repeats two words out of twenty, anywhere', () => {
    for (const seed of seeds) {
      const changed = rewritten(2, seed);
      expect(changed).toHaveLength(22);
      expect(new Set(changed)).toEqual(new Set(words));
    }
    expect(new Set(seeds.map((seed) => rewritten(2, seed).join(' '))).size).toBeGreaterThan(190);
  });

  it('does each of the three as often', () => {
    const of = (seed: number) => rewriteCaption(caption, (draw) => uniform(33, seed, draw)).split(' ').length;
    const lengths = Array.from({length: 600}, (_, seed) => of(seed));
    // 200 each, with a deviation of 12; 24 of those that leave out leave out nothing
    expect(Math.abs(lengths.filter((length) => length === 22).length - 200)).toBeLessThan(50);
    expect(Math.abs(lengths.filter((length) => length < 20).length - 176)).toBeLessThan(50);
  });

  it('changes a word at least, keeps a word at least, and leaves a single word alone', () => {
    expect(rewritten(2, 1, 'river bank')).toHaveLength(3);
    const none = rewriteCaption('river bank', (draw) => (draw === 0 ? 0.5 : 0.01));
    expect(['river', 'bank']).toContain(none);
    for (const kind of [0, 1, 2] as const) expect(rewritten(kind, 1, ' river ')).toEqual(['', 'river', '']);
  });

  it('is the same for the same draws', () => {
    expect(rewritten(0, 5)).toEqual(rewritten(0, 5));
    expect(rewritten(0, 5)).not.toEqual(rewritten(0, 6));
  });
});
