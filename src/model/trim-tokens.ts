import type {HostArray} from '../engine/step.js';
import {BugError} from '../support/errors.js';
import type {TokenArrays} from './tokenizer.js';

/** The least number of tokens a row that holds every end token: 1 + the last position of one; 0 for no texts. */
export function longestText({end}: TokenArrays): number {
  let longest = 0;
  for (const position of end.data) longest = Math.max(longest, position + 1);
  return longest;
}

/**
 * Cuts rows [n, t] to [n, length], by default to the longest text. The text tower is causal and reads each row at its
 * end token, so that features and gradients stay the same: only work on padding is saved.
 */
export function trimTokens(tokens: TokenArrays, length: number = longestText(tokens)): TokenArrays {
  const [n = 0, t = 0] = tokens.ids.shape;
  if (length < longestText(tokens) || length > t) {
    throw new BugError(
      `trimTokens: expected a length of ${longestText(tokens)} to ${t} tokens, got ${length}`,
    );
  }
  const {data} = tokens.ids;
  const cut = new Int32Array(n * length);
  for (let i = 0; i < n; i++) cut.set(data.subarray(i * t, i * t + length), i * length);
  const ids: HostArray = {shape: [n, length], data: cut};
  return {ids, end: tokens.end};
}
