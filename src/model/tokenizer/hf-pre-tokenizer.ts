import {z} from 'zod';
import {createPattern, patternSchema} from './hf-pattern.js';

const split = z.object({
  type: z.literal('Split'),
  pattern: patternSchema,
  // The matches are the words, and what stands between them is dropped.
  behavior: z.literal('Removed'),
  invert: z.literal(true),
});
const byteLevel = z.object({
  type: z.literal('ByteLevel'),
  add_prefix_space: z.literal(false),
  use_regex: z.boolean().default(true),
});

/** The `pre_tokenizer` of CLIP's `tokenizer.json`: words by a pattern, which are then spelled in bytes. */
export const preTokenizerSchema = z.object({
  type: z.literal('Sequence'),
  pretokenizers: z.tuple([split, byteLevel]),
});

/** GPT-2's words, into which byte-level pre-tokenizers split unless told not to. */
const gpt2Word =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Splits a normalised text into words. */
export function createPreTokenizer({
  pretokenizers,
}: z.output<typeof preTokenizerSchema>): (text: string) => string[] {
  const [{pattern}, {use_regex: splitsAgain}] = pretokenizers;
  const word = createPattern(pattern);
  return (text) => {
    const words = text.match(word) ?? [];
    return splitsAgain ? words.flatMap((one) => one.match(gpt2Word) ?? []) : words;
  };
}
