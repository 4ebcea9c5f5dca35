import type {AttentionMaps} from '../../src/model/diagnostics/attention-maps.js';
import {softmaxRow} from '../reference/contrastive.js';
import type {Matrix} from '../reference/matrix.js';
import {randomMatrix} from './random-features.js';

/** Maps of several heads, rows that sum to 1. */
export function randomMaps(heads: number, tokens: number, seed: number): Matrix[] {
  return Array.from({length: heads}, (_, head) =>
    randomMatrix(tokens, tokens, seed + head).map((row) => softmaxRow(row.map((value) => 3 * value))),
  );
}

export function asAttention(maps: readonly Matrix[]): AttentionMaps {
  return {heads: maps.length, tokens: maps[0]!.length, weights: Float64Array.from(maps.flat(2))};
}
