import {BugError} from '../support/errors.js';

/**
 * Random numbers without a state: each is a hash of a seed and of counters that say what it is for (an epoch, a
 * position, a draw). The same numbers in give the same number out on every machine, so a run can stop and resume
 * anywhere, and two purposes never share a draw by accident as long as their counters differ.
 */

interface Hash {
  readonly low: number;
  readonly high: number;
}

/** The finaliser of MurmurHash3: every input bit flips every output bit with probability close to one half. */
function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

// two lanes of 32 bits with increments of their own; a collision must happen in both at once
function absorbWord({low, high}: Hash, word: number): Hash {
  return {
    low: mix(Math.imul(low, 0x2c1b3c6d) + (word ^ 0x9e3779b9)),
    high: mix(Math.imul(high, 0x297a2d39) + (Math.imul(word, 0x846ca68b) ^ 0x7f4a7c15)),
  };
}

function absorb(hash: Hash, counter: number): Hash {
  if (!Number.isSafeInteger(counter)) {
    throw new BugError(`random: expected whole numbers as seed and counters, got ${counter}`);
  }
  return absorbWord(absorbWord(hash, counter | 0), Math.floor(counter / 2 ** 32) | 0);
}

function hashOf(seed: number, counters: readonly number[]): Hash {
  // the number of counters goes in first, so that (1, 0) and (1) differ
  return [seed, ...counters].reduce(absorb, {low: counters.length, high: ~counters.length});
}

/** 53 bits of the hash as a fraction in [0, 1). */
function fraction({low, high}: Hash): number {
  const top = mix(high ^ Math.imul(low, 0x1b873593)) >>> 11; // 21 bits
  const rest = mix(low ^ Math.imul(high, 0xcc9e2d51)) >>> 0; // 32 bits
  return (top * 2 ** 32 + rest) / 2 ** 53;
}

/** A number in [0, 1), uniform over the counters; `seed` and `counters` are whole numbers. */
export function uniform(seed: number, ...counters: readonly number[]): number {
  return fraction(hashOf(seed, counters));
}

/** The numbers 0 to n - 1 in an order drawn uniformly by the counters (Fisher and Yates). */
export function permutation(n: number, seed: number, ...counters: readonly number[]): Uint32Array {
  const hash = hashOf(seed, counters);
  const order = Uint32Array.from({length: n}, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(fraction(absorb(hash, i)) * (i + 1));
    const taken = order[i]!;
    order[i] = order[j]!;
    order[j] = taken;
  }
  return order;
}
