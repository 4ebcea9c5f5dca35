/** Tokens of one image and one text in a common space, rows of unit length, row-major. */
export interface TokenPair {
  /** [p, d]. */
  readonly patches: Float32Array;
  /** [r, d], of the text's tokens that count. */
  readonly words: Float32Array;
  /** d. */
  readonly dim: number;
}

/** Who looks at whom in a pair of image and text. */
export interface WordAlignment {
  /** [r, p] cosine of each token of the text with each patch. */
  readonly cosines: Float64Array;
  /** [p] the token nearest to each patch, the first of several. */
  readonly nearestWord: Int32Array;
  /** [r] the patch nearest to each token, the first of several. */
  readonly nearestPatch: Int32Array;
  /** Mean over the patches of their largest cosine. */
  readonly imageToText: number;
  /** Mean over the tokens of their largest cosine. */
  readonly textToImage: number;
}

/**
 * FILIP's late interaction of one image and one text (arXiv:2111.07783, equations 4 and 5) with what decides it: which
 * token of the text is nearest to each patch, which patch to each token.
 */
export function wordAlignment({patches, words, dim}: TokenPair): WordAlignment {
  const [p, r] = [patches.length / dim, words.length / dim];
  const cosines = new Float64Array(r * p);
  for (let word = 0; word < r; word++) {
    for (let patch = 0; patch < p; patch++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += words[word * dim + k]! * patches[patch * dim + k]!;
      cosines[word * p + patch] = sum;
    }
  }
  const at = (word: number, patch: number) => cosines[word * p + patch]!;
  const nearestWord = Int32Array.from({length: p}, (_, patch) => largest(r, (word) => at(word, patch)));
  const nearestPatch = Int32Array.from({length: r}, (_, word) => largest(p, (patch) => at(word, patch)));
  return {
    cosines,
    nearestWord,
    nearestPatch,
    imageToText: nearestWord.reduce((sum, word, patch) => sum + at(word, patch), 0) / p,
    textToImage: nearestPatch.reduce((sum, patch, word) => sum + at(word, patch), 0) / r,
  };
}

/** Number of the largest value, the first of several. */
function largest(count: number, value: (index: number) => number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (value(i) > value(best)) best = i;
  return best;
}
