import {cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import type {TextConfig} from '../../src/model/clip-config.js';

const file = fileURLToPath(new URL('../fixtures/tiny-tokenizer/tokenizer.json', import.meta.url));

/** The kinds of files that a tokenizer is read from. */
export type TokenizerSource = 'tokenizer.json' | 'vocab.json and merges.txt' | 'merge table';

/** The text configuration that belongs to the tests' own tokenizer. */
export const tinyTextConfig: TextConfig = {
  contextLength: 24,
  vocabSize: 834,
  width: 8,
  layers: 1,
  heads: 1,
  mlpWidth: 8,
  layerNormEpsilon: 1e-5,
  startToken: 832,
  endToken: 833,
  padToken: 833,
};

/** The parsed tokenizer.json of the fixture; a fresh copy each time. */
export function tinyTokenizerJson() {
  return JSON.parse(readFileSync(file, 'utf8')) as {
    added_tokens: Array<{id: number; content: string}>;
    normalizer: unknown;
    pre_tokenizer: unknown;
    model: {vocab: Record<string, number>; merges: Array<[string, string]>; [key: string]: unknown};
  };
}

/** Writes the tests' own tokenizer into a new folder below `parent`, in one kind of files, and returns the folder. */
export function writeTinyTokenizer(parent: string, source: TokenizerSource): string {
  const folder = join(parent, source);
  mkdirSync(folder);
  const {vocab, merges} = tinyTokenizerJson().model;
  const lines = ['#version: 0.2', ...merges.map((pair) => pair.join(' '))];
  switch (source) {
    case 'tokenizer.json':
      cpSync(file, join(folder, 'tokenizer.json'));
      break;
    case 'vocab.json and merges.txt':
      writeFileSync(join(folder, 'vocab.json'), JSON.stringify(vocab));
      writeFileSync(join(folder, 'merges.txt'), `${lines.join('\n')}\n`);
      break;
    case 'merge table':
      writeFileSync(join(folder, 'bpe_simple_vocab_16e6.txt.gz'), gzipSync(lines.join('\n')));
  }
  return folder;
}
