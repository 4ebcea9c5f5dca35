import {access} from 'node:fs/promises';
import {join} from 'node:path';
import type {HostArray} from '../engine/step.js';
import {exitCodes, UserError} from '../support/errors.js';
import {readJson} from './checkpoint/json-file.js';
import type {TextConfig} from './clip-config.js';
import type {BytePairTokenizer} from './tokenizer/byte-pair-tokenizer.js';
import {decodeSymbols} from './tokenizer/decode-symbols.js';
import {hfTokenizer} from './tokenizer/hf-tokenizer.js';
import {readMergeTable} from './tokenizer/merge-table.js';
import {readVocabAndMerges} from './tokenizer/vocab-and-merges.js';

/** n tokenised texts on the host. */
export interface TokenArrays {
  /** [n, t] int32: start token, text, end token, padding up to the context length. */
  readonly ids: HostArray;
  /** [n] int32, the position of each row's first end token. */
  readonly end: HostArray;
}

export interface Tokenizer {
  /** Tokens of the texts; what does not fit is cut off in front of the end token. */
  encode(texts: readonly string[]): TokenArrays;
  /** The text that one row of tokens stands for, as the tokenizer cleaned it, up to the first end token. */
  decode(ids: Iterable<number>): string;
}

const mergeTable = 'bpe_simple_vocab_16e6.txt.gz';

/**
 * The tokenizer in a model's folder: `tokenizer.json`, else `vocab.json` with `merges.txt`, else OpenAI's merge table
 * `bpe_simple_vocab_16e6.txt.gz`, which brings OpenAI's text cleaning with it.
 * @throws UserError with exit code `data` when there is none, when it is broken, or when it is another model's.
 */
export async function loadTokenizer(folder: string, text: TextConfig): Promise<Tokenizer> {
  const {path, tokenizer} = await readFolder(folder, text);
  checkTokens(tokenizer, text, path);
  const {contextLength, startToken, endToken, padToken} = text;

  return {
    encode(texts) {
      const n = texts.length;
      const ids = new Int32Array(n * contextLength).fill(padToken); // [n, t]
      const end = new Int32Array(n);
      texts.forEach((one, i) => {
        const row = [startToken, ...tokenizer.tokens(one).slice(0, contextLength - 2), endToken];
        ids.set(row, i * contextLength);
        end[i] = row.indexOf(endToken, 1);
      });
      return {ids: {shape: [n, contextLength], data: ids}, end: {shape: [n], data: end}};
    },
    decode(ids) {
      const row = [...ids];
      const end = row.indexOf(endToken);
      const content = row.slice(row[0] === startToken ? 1 : 0, end === -1 ? row.length : end);
      return decodeSymbols(content.map((id) => tokenizer.symbols(id) ?? ''));
    },
  };
}

async function readFolder(
  folder: string,
  text: TextConfig,
): Promise<{path: string; tokenizer: BytePairTokenizer}> {
  const path = (name: string): string => join(folder, name);
  const has = async (...names: string[]): Promise<boolean> =>
    (await Promise.all(names.map((name) => exists(path(name))))).every(Boolean);

  if (await has('tokenizer.json')) {
    const file = await readJson(path('tokenizer.json'));
    return {path: file.path, tokenizer: hfTokenizer(file)};
  }
  if (await has('vocab.json', 'merges.txt')) {
    const file = await readVocabAndMerges(path('vocab.json'), path('merges.txt'));
    return {path: file.path, tokenizer: hfTokenizer(file)};
  }
  if (await has(mergeTable)) {
    return {path: path(mergeTable), tokenizer: await readMergeTable(path(mergeTable), text.vocabSize)};
  }
  throw missing(folder, text);
}

function missing(folder: string, {vocabSize}: TextConfig): UserError {
  const isOpenAi = vocabSize === 49408;
  return new UserError(
    `${folder}: expected a tokenizer (tokenizer.json, or vocab.json with merges.txt, or ${mergeTable}), got none`,
    {
      tryThis: `copy ${isOpenAi ? `${mergeTable} of github.com/openai/CLIP` : "the model's own tokenizer.json"} into ${folder}`,
      exit: exitCodes.data,
    },
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** A tokenizer of another model would feed the tower wrong tokens without any other sign of it. */
function checkTokens(tokenizer: BytePairTokenizer, text: TextConfig, path: string): void {
  const fail = (expected: string, got: number): never => {
    throw new UserError(`${path}: expected ${expected}, got ${got}: it belongs to another model`, {
      tryThis: "copy the model's own tokenizer files into its folder",
      exit: exitCodes.data,
    });
  };
  const {size, startToken = text.startToken, endToken = text.endToken} = tokenizer;
  if (size > text.vocabSize) fail(`at most the ${text.vocabSize} tokens of the model`, size);
  if (startToken !== text.startToken)
    fail(`the start token to be ${text.startToken}, as the model says`, startToken);
  if (endToken !== text.endToken) fail(`the end token to be ${text.endToken}, as the model says`, endToken);
}
