const size = 624;
const shift = 397;

/**
 * MT19937 (Matsumoto and Nishimura, 1998) as `init_genrand` seeds it: PyTorch's CPU generator, which decides the
 * published splits. Each call gives the next whole number in [0, 2^32).
 */
export function mersenneTwister(seed: number): () => number {
  const state = seededState(seed);
  let next = size;
  return () => {
    if (next === size) {
      twist(state);
      next = 0;
    }
    return temper(state[next++]!);
  };
}

function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let i = 1; i < size; i++) {
    const previous = state[i - 1]!;
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
  return state;
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < size; i++) {
    const joined = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
    state[i] = state[(i + shift) % size]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
  }
}

function temper(word: number): number {
  let y = word ^ (word >>> 11);
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}
