/** The attention of one layer to one image. */
export interface AttentionMaps {
  readonly heads: number;
  /** 1 class token, then the patches row by row. */
  readonly tokens: number;
  /** [heads, tokens, tokens], row-major: what a query (row) gives each key; rows sum to 1. */
  readonly weights: ArrayLike<number>;
}

/** Attention of a head from one token to another, tokens counted with the class token as 0. */
export function attentionAt(
  {tokens, weights}: AttentionMaps,
  head: number,
  query: number,
  key: number,
): number {
  return weights[(head * tokens + query) * tokens + key]!;
}
