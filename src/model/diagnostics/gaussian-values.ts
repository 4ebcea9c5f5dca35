import {uniform} from '../../engine/random.js';

/**
 * Draws from the standard normal distribution, a function of the counters: the first decides the rest. A stream of its own
 * (Mulberry32, Box and Muller) instead of a hash a number: a direction has as many numbers as a model.
 */
export function gaussianValues(length: number, seed: number, ...counters: readonly number[]): Float32Array {
  let state = Math.floor(uniform(seed, ...counters) * 2 ** 32) | 0;
  /** In (0, 1), of 32 bits. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  const values = new Float32Array(length);
  for (let i = 0; i < length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
