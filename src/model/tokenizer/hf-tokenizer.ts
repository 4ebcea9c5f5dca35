import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import {checkJson, type JsonFile} from '../checkpoint/json-file.js';
import {createWordEncoder} from './byte-pair-encoding.js';
import {endOfWord, type BytePairTokenizer} from './byte-pair-tokenizer.js';
import {escapePattern} from './hf-pattern.js';
import {createNormalizer, normalizerSchema} from './hf-normalizer.js';
import {createPreTokenizer, preTokenizerSchema} from './hf-pre-tokenizer.js';

const token = z.int().nonnegative();
const pair = z.tuple([z.string(), z.string()]);

/** CLIP's kind of `tokenizer.json`; what it holds besides (padding, templates) is ours to do. */
const schema = z.object({
  added_tokens: z.array(z.object({id: token, content: z.string().min(1)})).default([]),
  normalizer: normalizerSchema,
  pre_tokenizer: preTokenizerSchema,
  model: z.object({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), token),
    merges: z.union([
      z.array(pair),
      z.array(
        z
          .string()
          .transform((line) => line.split(' '))
          .pipe(pair),
      ),
    ]),
    end_of_word_suffix: z.literal(endOfWord),
    unk_token: z.string().nullish(),
    continuing_subword_prefix: z.literal('').nullish(),
    fuse_unk: z.literal(false).optional(),
    byte_fallback: z.literal(false).optional(),
    ignore_merges: z.literal(false).optional(),
  }),
});

/** Names of the start and end token: OpenAI's, OpenCLIP's. */
const startNames = ['<|startoftext|>', '<start_of_text>'];
const endNames = ['<|endoftext|>', '<end_of_text>'];

/**
 * The tokenizer that a `tokenizer.json` describes. Its normaliser and pre-tokenizer rule: no other cleaning is done.
 * Added tokens are found in the text as it came, before the normaliser.
 * @throws UserError with exit code `data` when it is not a byte-pair tokenizer of CLIP's kind.
 */
export function hfTokenizer({path, value}: JsonFile): BytePairTokenizer {
  const {added_tokens: added, normalizer, pre_tokenizer, model} = checkJson(schema, value, path);
  const addedOf = new Map(added.map(({content, id}) => [content, id]));
  const tokenOf = new Map([...Object.entries(model.vocab), ...addedOf]);
  const symbolOf = new Map([...tokenOf].map(([symbol, id]) => [id, symbol]));
  const normalize = createNormalizer(normalizer);
  const words = createPreTokenizer(pre_tokenizer);
  const encodeWord = createWordEncoder({
    tokenOf,
    merges: model.merges,
    unknown: unknownToken(model, tokenOf, path),
  });
  const encodeText = (text: string): number[] => words(normalize(text)).flatMap(encodeWord);
  const parts = partsOf([...addedOf.keys()]);

  const first = (names: readonly string[]): number | undefined =>
    names.map((name) => tokenOf.get(name)).find((id) => id !== undefined);
  return {
    tokens: (text) => parts(text).flatMap((part) => addedOf.get(part) ?? encodeText(part)),
    symbols: (id) => symbolOf.get(id),
    startToken: first(startNames),
    endToken: first(endNames),
    size: [...symbolOf.keys()].reduce((size, id) => Math.max(size, id + 1), 0),
  };
}

/** Splits a text into the given names, the longest where several begin, and what stands between them. */
function partsOf(names: readonly string[]): (text: string) => string[] {
  if (names.length === 0) return (text) => [text];
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${longestFirst.map(escapePattern).join('|')})`, 'u');
  return (text) => text.split(pattern);
}

function unknownToken(
  {unk_token: name}: z.output<typeof schema>['model'],
  tokenOf: ReadonlyMap<string, number>,
  path: string,
): number | undefined {
  if (name === null || name === undefined) return undefined;
  const unknown = tokenOf.get(name);
  if (unknown !== undefined) return unknown;
  throw new UserError(`${path}: model: unk_token: expected a token of the vocabulary, got ${name}`, {
    exit: exitCodes.data,
  });
}
