import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {beforeAll, describe, expect, it} from 'vitest';
import {loadTokenizer, type TokenArrays, type Tokenizer} from '../../../src/model/tokenizer.js';
import {goldenTokenizer} from '../../support/golden-tokenizer.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {
  tinyTextConfig,
  tinyTokenizerJson,
  writeTinyTokenizer,
  type TokenizerSource,
} from '../../support/tiny-tokenizer.js';

const {cases} = goldenTokenizer();
const parent = temporaryFolder();
const folders = new Map<TokenizerSource, string>();

beforeAll(() => {
  for (const source of ['tokenizer.json', 'vocab.json and merges.txt', 'merge table'] as const) {
    folders.set(source, writeTinyTokenizer(parent, source));
  }
});

function load(source: TokenizerSource, changes: Partial<typeof tinyTextConfig> = {}): Promise<Tokenizer> {
  return loadTokenizer(folders.get(source)!, {...tinyTextConfig, ...changes});
}

/** A new folder with the given files. */
function folderWith(name: string, files: Record<string, string | Buffer>): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

function rowsOf({ids}: TokenArrays): number[][] {
  const [n = 0, t = 0] = ids.shape;
  return Array.from({length: n}, (_, i) => [...ids.data.subarray(i * t, (i + 1) * t)]);
}

describe('the tokens are those of the reference on every hard text', () => {
  it.each(['tokenizer.json', 'vocab.json and merges.txt'] as const)('%s: transformers', async (source) => {
    const tokenizer = await load(source);
    const rows = rowsOf(tokenizer.encode(cases.map(({text}) => text)));
    cases.forEach(({text, hf}, i) => expect(rows[i], JSON.stringify(text)).toEqual(hf));
  });

  it('merge table: OpenCLIP, which cleans the text first and pads with 0', async () => {
    const tokenizer = await load('merge table', {padToken: 0});
    const rows = rowsOf(tokenizer.encode(cases.map(({text}) => text)));
    cases.forEach(({text, openClip}, i) => expect(rows[i], JSON.stringify(text)).toEqual(openClip));
  });
});

describe('encode', () => {
  it('gives int32 arrays of the context length and the place of the end token', async () => {
    const tokenizer = await load('tokenizer.json', {padToken: 5});
    const {ids, end} = tokenizer.encode(['the boat', '']);
    expect(ids.shape).toEqual([2, 24]);
    expect(end.shape).toEqual([2]);
    expect(ids.data).toBeInstanceOf(Int32Array);
    expect(end.data).toBeInstanceOf(Int32Array);
    const [first, empty] = rowsOf({ids, end});
    expect(first![end.data[0]!]).toBe(833);
    expect(first!.slice(end.data[0]! + 1)).toEqual(Array(23 - end.data[0]!).fill(5));
    expect(empty!.slice(0, 3)).toEqual([832, 833, 5]);
    expect(end.data[1]).toBe(1);
  });

  it('cuts a long text off in front of the end token', async () => {
    const tokenizer = await load('tokenizer.json', {contextLength: 6});
    const whole = await load('tokenizer.json', {contextLength: 60});
    const text = 'a b c d e f g h i j';
    const [row] = rowsOf(tokenizer.encode([text]));
    const [long] = rowsOf(whole.encode([text]));
    expect(row).toEqual([...long!.slice(0, 5), 833]);
    expect([...tokenizer.encode([text]).end.data]).toEqual([5]);
  });

  it('points at the first end token when the text itself holds one', async () => {
    const tokenizer = await load('tokenizer.json');
    const {ids, end} = tokenizer.encode(['a<|endoftext|>b']);
    expect(ids.data.slice(0, 4)).toEqual(Int32Array.of(832, ids.data[1]!, 833, ids.data[3]!));
    expect(end.data[0]).toBe(2);
  });

  it('makes nothing of no texts', async () => {
    const {ids, end} = (await load('tokenizer.json')).encode([]);
    expect([ids.shape, end.shape, ids.data.length]).toEqual([[0, 24], [0], 0]);
  });

  it('takes a word of 100,000 letters in reasonable time', async () => {
    const tokenizer = await load('merge table');
    const letters = Array.from({length: 100_000}, (_, i) =>
      String.fromCharCode(97 + ((i * i + 3 * i) % 26)),
    ).join('');
    const started = performance.now();
    tokenizer.encode([letters]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('decode', () => {
  it('gives the cleaned text back, without start, end and padding', async () => {
    for (const source of folders.keys()) {
      const tokenizer = await load(source);
      const {ids} = tokenizer.encode(['Ships  on a RIVER, naïve 中']);
      expect(tokenizer.decode(ids.data), source).toBe('ships on a river , naïve 中');
    }
  });

  it('keeps what looks like padding inside the text', async () => {
    const tokenizer = await load('merge table', {padToken: 0}); // 0 is also the symbol "!"
    const {ids} = tokenizer.encode(['wow !?']);
    expect(ids.data.indexOf(0)).toBeLessThan(ids.data.indexOf(833));
    expect(tokenizer.decode(ids.data)).toBe('wow !?');
  });

  it('shows bytes that are no whole character as U+FFFD and leaves unknown numbers out', async () => {
    const tokenizer = await load('tokenizer.json');
    const [row] = rowsOf(tokenizer.encode(['中']));
    expect(tokenizer.decode([row![1]!, 99_999])).toBe('\ufffd');
  });
});

describe('the folder', () => {
  it('prefers tokenizer.json, then vocab.json with merges.txt', async () => {
    const both = folderWith('both', {
      'vocab.json': '{',
      'merges.txt': '',
      'tokenizer.json': JSON.stringify(tinyTokenizerJson()),
    });
    await expect(loadTokenizer(both, tinyTextConfig)).resolves.toBeDefined();
    rmSync(join(both, 'tokenizer.json'));
    await expect(loadTokenizer(both, tinyTextConfig)).rejects.toThrow(/vocab\.json: expected JSON, got /);
  });

  it('without a tokenizer says which files were looked for and what helps', async () => {
    const empty = folderWith('empty', {'vocab.json': '{}'});
    const message =
      `${empty}: expected a tokenizer (tokenizer.json, or vocab.json with merges.txt, ` +
      'or bpe_simple_vocab_16e6.txt.gz), got none';
    await expect(loadTokenizer(empty, tinyTextConfig)).rejects.toMatchObject({
      message,
      exit: 3,
      tryThis: `copy the model's own tokenizer.json into ${empty}`,
    });
    await expect(loadTokenizer(empty, {...tinyTextConfig, vocabSize: 49408})).rejects.toMatchObject({
      message,
      tryThis: `copy bpe_simple_vocab_16e6.txt.gz of github.com/openai/CLIP into ${empty}`,
    });
  });

  it.each([
    [{vocabSize: 800}, 'expected at most the 800 tokens of the model, got 834: it belongs to another model'],
    [
      {startToken: 0},
      'expected the start token to be 0, as the model says, got 832: it belongs to another model',
    ],
    [
      {endToken: 1},
      'expected the end token to be 1, as the model says, got 833: it belongs to another model',
    ],
  ])('a tokenizer of another model is refused: %o', async (changes, message) => {
    await expect(load('tokenizer.json', changes)).rejects.toMatchObject({
      message: `${join(folders.get('tokenizer.json')!, 'tokenizer.json')}: ${message}`,
      exit: 3,
    });
  });

  it('a tokenizer of another kind is refused with the place of the difference', async () => {
    const json = tinyTokenizerJson();
    const other = [
      [
        'wordpiece',
        {...json, model: {...json.model, type: 'WordPiece'}},
        'model: type: expected BPE, got "WordPiece"',
      ],
      ['accents', {...json, normalizer: {type: 'BertNormalizer'}}, 'normalizer: type: '],
      [
        'metaspace',
        {...json, pre_tokenizer: {type: 'Metaspace'}},
        'pre_tokenizer: type: expected Sequence, got "Metaspace"',
      ],
      [
        'suffix',
        {...json, model: {...json.model, end_of_word_suffix: null}},
        'model: end_of_word_suffix: expected </w>, got null',
      ],
      [
        'unknown',
        {...json, model: {...json.model, unk_token: '[UNK]'}},
        'model: unk_token: expected a token of the vocabulary, got [UNK]',
      ],
    ] as const;
    for (const [name, value, message] of other) {
      const folder = folderWith(name, {'tokenizer.json': JSON.stringify(value)});
      await expect(loadTokenizer(folder, tinyTextConfig)).rejects.toThrow(`tokenizer.json: ${message}`);
    }
  });

  it('a vocabulary without start token is refused', async () => {
    const folder = folderWith('no-start', {'vocab.json': '{"a": 0}', 'merges.txt': '#version: 0.2\n'});
    await expect(loadTokenizer(folder, tinyTextConfig)).rejects.toThrow(
      'vocab.json: expected an object with a token for <|startoftext|>, got none',
    );
  });

  it.each([
    ['plain', Buffer.from('#version\na b'), /txt\.gz: expected a gzip file, got /],
    [
      'short',
      gzipSync('#version\na b'),
      /txt\.gz: expected 320 merges, as the model's vocabulary says, got 1$/,
    ],
    [
      'odd',
      gzipSync(`#version\n${'a b\n'.repeat(318)}a b c\na b`),
      /txt\.gz: line 320: expected two symbols, got "a b c"$/,
    ],
  ])('a broken merge table is refused: %s', async (name, content, message) => {
    const folder = folderWith(name, {'bpe_simple_vocab_16e6.txt.gz': content});
    await expect(loadTokenizer(folder, tinyTextConfig)).rejects.toThrow(message);
  });

  it('a model too small for a merge table is refused', async () => {
    await expect(load('merge table', {vocabSize: 100})).rejects.toThrow(
      'expected a model with at least 514 tokens, got one with 100',
    );
  });
});
