/**
 * MT19937 by its recurrence x[k+n] = x[k+m] xor (upper bit of x[k], lower bits of x[k+1]) A, with unbounded whole
 * numbers: the sequence itself instead of a state that is overwritten.
 */
export function mersenneSequence(seed: number, count: number): number[] {
  const [n, m, mask] = [624, 397, (1n << 32n) - 1n];
  const x = [BigInt(seed)];
  while (x.length < n) {
    const previous = x.at(-1)!;
    x.push((1812433253n * (previous ^ (previous >> 30n)) + BigInt(x.length)) & mask);
  }
  for (let k = 0; k < count; k++) {
    const y = (x[k]! & (1n << 31n)) + (x[k + 1]! & ((1n << 31n) - 1n));
    x.push(x[k + m]! ^ (y >> 1n) ^ (y % 2n === 1n ? 0x9908b0dfn : 0n));
  }
  return x.slice(n, n + count).map((word) => {
    let y = word;
    y ^= y >> 11n;
    y ^= (y << 7n) & 0x9d2c5680n;
    y ^= (y << 15n) & 0xefc60000n;
    return Number(y ^ (y >> 18n));
  });
}
