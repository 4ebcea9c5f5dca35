import {readFile} from 'node:fs/promises';
import {promisify} from 'node:util';
import {gunzip} from 'node:zlib';
import {exitCodes, UserError} from '../../support/errors.js';
import {createWordEncoder} from './byte-pair-encoding.js';
import {endOfWord, type BytePairTokenizer} from './byte-pair-tokenizer.js';
import {byteSymbols} from './byte-symbols.js';
import {cleanText} from './clean-text.js';

// OpenCLIP's spelling of the two: in a caption they are the tokens themselves.
const specialTokens = ['<start_of_text>', '<end_of_text>'] as const;

/**
 * Words in cleaned text: special tokens, English contractions, letters, single digits, everything else. The long s
 * (U+017F) survives lower-casing and matches an s where case is ignored, as it is in OpenCLIP's pattern.
 */
const word = new RegExp(
  `${specialTokens.join('|')}|'[sſ]|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^\\p{White_Space}\\p{L}\\p{N}\\u0345]+`,
  'gu',
);

/**
 * OpenAI's tokenizer from its merge table (`bpe_simple_vocab_16e6.txt.gz`), with OpenAI's text cleaning. The
 * vocabulary is: a symbol for each byte, the same at the end of a word, one token for each merge from line 2 on,
 * start, end. How many merges count follows from the model's `vocabSize` (48,894 of CLIP's 49,408).
 * @throws UserError with exit code `data` when the file is not such a table or has too few lines.
 */
export async function readMergeTable(path: string, vocabSize: number): Promise<BytePairTokenizer> {
  const bytes = [...byteSymbols().values()];
  const merges = await readMerges(path, vocabSize - 2 * bytes.length - specialTokens.length);
  const symbols = [
    ...bytes,
    ...bytes.map((symbol) => symbol + endOfWord),
    ...merges.map(([left, right]) => left + right),
    ...specialTokens,
  ];
  const tokenOf = new Map(symbols.map((symbol, token) => [symbol, token]));
  const encodeWord = createWordEncoder({tokenOf, merges, unknown: undefined});
  const specialOf = new Map(specialTokens.map((name) => [name as string, [tokenOf.get(name)!]]));
  return {
    tokens: (text) =>
      (cleanText(text).match(word) ?? []).flatMap((one) => specialOf.get(one) ?? encodeWord(one)),
    symbols: (token) => symbols[token],
    startToken: vocabSize - 2,
    endToken: vocabSize - 1,
    size: vocabSize,
  };
}

async function readMerges(path: string, count: number): Promise<Array<[string, string]>> {
  if (count < 0) {
    throw new UserError(`${path}: expected a model with at least 514 tokens, got one with ${514 + count}`, {
      exit: exitCodes.data,
    });
  }
  const lines = (await unzip(path)).split('\n').slice(1, 1 + count);
  if (lines.length < count) {
    throw new UserError(
      `${path}: expected ${count} merges, as the model's vocabulary says, got ${lines.length}`,
      {
        exit: exitCodes.data,
      },
    );
  }
  return lines.map((line, i) => {
    const [left, right, ...rest] = line.trim().split(' ');
    if (left && right && rest.length === 0) return [left, right];
    throw new UserError(`${path}: line ${i + 2}: expected two symbols, got ${JSON.stringify(line)}`, {
      exit: exitCodes.data,
    });
  });
}

async function unzip(path: string): Promise<string> {
  try {
    return (await promisify(gunzip)(await readFile(path))).toString('utf8');
  } catch (error) {
    throw new UserError(`${path}: expected a gzip file, got ${(error as Error).message}`, {
      exit: exitCodes.data,
    });
  }
}
