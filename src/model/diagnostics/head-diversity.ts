import type {AttentionMaps} from './attention-maps.js';

/** How alike the heads of a layer are: 1 for equal maps, lower for diverse ones. */
export interface HeadSimilarity {
  /** Of whole maps. */
  readonly flattened: number;
  /** Of what each query attends to, the mean over queries. */
  readonly perQuery: number;
}

/**
 * Mean cosine between the attention maps of all pairs of heads of a layer (feature distillation, arXiv:2205.14141). The paper does not say whether it compares maps or queries, so both are given; NaN for a single head.
 */
export function headSimilarity({heads, tokens, weights}: AttentionMaps): HeadSimilarity {
  let [flattened, perQuery, pairs] = [0, 0, 0];
  for (let a = 0; a < heads; a++) {
    for (let b = a + 1; b < heads; b++) {
      const [fromA, fromB] = [a * tokens * tokens, b * tokens * tokens];
      flattened += cosine(weights, fromA, fromB, tokens * tokens);
      for (let query = 0; query < tokens; query++) {
        perQuery += cosine(weights, fromA + query * tokens, fromB + query * tokens, tokens) / tokens;
      }
      pairs++;
    }
  }
  return {flattened: flattened / pairs, perQuery: perQuery / pairs};
}

/** Cosine of two runs of `length` values; runs of attention are never all zero. */
function cosine(values: ArrayLike<number>, a: number, b: number, length: number): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [x, y] = [values[a + i]!, values[b + i]!];
    product += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  return product / Math.sqrt(squareA * squareB);
}
