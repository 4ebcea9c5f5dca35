import {readFile} from 'node:fs/promises';
import {exitCodes, UserError} from '../../support/errors.js';
import {readJson, type JsonFile} from '../checkpoint/json-file.js';

/** The start token of CLIP's vocabularies. */
export const startToken = '<|startoftext|>';
/** The end token of CLIP's vocabularies. */
export const endToken = '<|endoftext|>';
const words = String.raw`<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`;

/** The words of a text as this tokenizer sees them: white space made one space, lower case, cut by CLIP's pattern. */
export function clipWords(text: string): readonly string[] {
  const clean = text.normalize('NFC').replaceAll(/\s+/g, ' ').toLowerCase();
  return clean.match(new RegExp(words, 'gu')) ?? [];
}

/**
 * What `tokenizer.json` would hold for the older pair of files, `vocab.json` and `merges.txt`: the normaliser and
 * pre-tokenizer of transformers' `CLIPTokenizer` around them.
 * @throws UserError with exit code `data` when the vocabulary is no JSON object or lacks start or end token.
 */
export async function readVocabAndMerges(vocabPath: string, mergesPath: string): Promise<JsonFile> {
  const {value: vocab} = await readJson(vocabPath);
  const special = [startToken, endToken].map((content) => ({
    id: tokenOf(vocab, content, vocabPath),
    content,
    special: true,
    normalized: false,
  }));
  const description = {
    added_tokens: special,
    normalizer: {
      type: 'Sequence',
      normalizers: [
        {type: 'NFC'},
        {type: 'Replace', pattern: {Regex: String.raw`\s+`}, content: ' '},
        {type: 'Lowercase'},
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {type: 'Split', pattern: {Regex: words}, behavior: 'Removed', invert: true},
        {type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true},
      ],
    },
    model: {
      type: 'BPE',
      vocab,
      merges: await readMergeLines(mergesPath),
      unk_token: endToken,
      end_of_word_suffix: '</w>',
    },
  };
  return {path: vocabPath, value: description};
}

async function readMergeLines(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  return lines.filter((line) => line !== '' && !line.startsWith('#version'));
}

function tokenOf(vocab: unknown, name: string, path: string): number {
  const token =
    vocab !== null && typeof vocab === 'object' ? (vocab as Record<string, unknown>)[name] : undefined;
  if (typeof token === 'number') return token;
  throw new UserError(`${path}: expected an object with a token for ${name}, got none`, {
    exit: exitCodes.data,
  });
}
