import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {TextConfig} from '../../../../src/model/clip-config.js';
import {loadTokenizer} from '../../../../src/model/tokenizer.js';
import {learnMerges} from '../../../../src/model/tokenizer/learn-merges.js';
import {learnTokenizer, writeTokenizer} from '../../../../src/model/tokenizer/learn-tokenizer.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const sentences = readFileSync('test/fixtures/tiny-tokenizer/sentences.txt', 'utf8').split('\n');

/** Sennrich's algorithm as it is printed: all pairs are counted anew for every merge. Words of ASCII letters. */
function referenceMerges(counts: ReadonlyMap<string, number>, mergeCount: number): string[][] {
  let words = [...counts].map(([word, count]) => ({
    symbols: [...word.slice(0, -1), `${word.at(-1)!}</w>`],
    count,
  }));
  const merges: string[][] = [];
  while (merges.length < mergeCount) {
    const pairs = new Map<string, number>();
    for (const {symbols, count} of words) {
      for (let i = 1; i < symbols.length; i++) {
        const pair = `${symbols[i - 1]!} ${symbols[i]!}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    }
    const ranked = [...pairs].filter(([, n]) => n > 1).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    if (ranked.length === 0) return merges;
    const [left, right] = ranked[0]![0].split(' ') as [string, string];
    merges.push([left, right]);
    words = words.map(({symbols, count}) => {
      const text = ` ${symbols.join('  ')} `.replaceAll(` ${left}  ${right} `, ` ${left}${right} `);
      return {symbols: text.trim().split(/ +/), count};
    });
  }
  return merges;
}

describe('learnMerges', () => {
  it('equals a loop that counts all pairs anew for every merge', () => {
    const word = fc.string({unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8});
    const counted = fc.array(fc.tuple(word, fc.integer({min: 1, max: 5})), {maxLength: 20});
    fc.assert(
      fc.property(counted, (entries) => {
        const counts = new Map(entries);
        expect(learnMerges(counts, 12)).toEqual(referenceMerges(counts, 12));
      }),
    );
  });

  it('learns what the tests’ own tokenizer was learnt from', () => {
    const file = JSON.parse(readFileSync('test/fixtures/tiny-tokenizer/tokenizer.json', 'utf8')) as {
      model: {merges: string[][]};
    };
    const {merges} = learnTokenizer(sentences, 514 + file.model.merges.length);
    // that one goes on with pairs that occur once
    expect(merges).toEqual(file.model.merges.slice(0, merges.length));
    expect(merges.length).toBeGreaterThan(200);
  });

  it('ends where no pair occurs twice', () => {
    expect(learnMerges(new Map([['ab', 1]]), 5)).toEqual([]);
    expect(learnMerges(new Map([['ab', 2]]), 5)).toEqual([['a', 'b</w>']]);
  });
});

describe('a learnt tokenizer', () => {
  const text: TextConfig = {
    contextLength: 32,
    vocabSize: 700,
    width: 8,
    layers: 1,
    heads: 1,
    mlpWidth: 32,
    layerNormEpsilon: 1e-5,
    startToken: 698,
    endToken: 699,
    padToken: 699,
  };

  it('is read back from its files, and texts survive encoding, seen or not', async () => {
    const learnt = learnTokenizer(sentences, 700);
    expect(Object.keys(learnt.vocabulary)).toHaveLength(700);
    await writeTokenizer(root, learnt);
    const tokenizer = await loadTokenizer(root, text);
    for (const one of ['a photo of a harbour', 'piñata', 'zebra crossing']) {
      const {ids, end} = tokenizer.encode([one]);
      expect(tokenizer.decode(Array.from(ids.data)).trim()).toBe(one.trim());
      expect(ids.data[0]).toBe(698);
      expect(ids.data[end.data[0]!]).toBe(699);
    }
  });

  it('has the layout that transformers reads: vocab.json from 0 without a gap, merges.txt after a version line', () => {
    const vocabulary = JSON.parse(readFileSync(join(root, 'vocab.json'), 'utf8')) as Record<string, number>;
    const tokens = Object.values(vocabulary).sort((a, b) => a - b);
    expect(tokens).toEqual(Array.from({length: 700}, (_, i) => i));
    const lines = readFileSync(join(root, 'merges.txt'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('#version: 0.2');
    for (const line of lines.slice(1)) expect(vocabulary).toHaveProperty([line.replace(' ', '')]);
  });

  it('is refused a vocabulary that does not hold the bytes', () => {
    expect(() => learnTokenizer([], 513)).toThrow('learnTokenizer: expected at least 514 tokens, got 513');
  });
});
