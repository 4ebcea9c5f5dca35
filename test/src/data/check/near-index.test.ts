import fc from 'fast-check';
import {expect, it} from 'vitest';
import {nearIndex} from '../../../../src/data/check/near-index.js';
import {uniform} from '../../../../src/engine/random.js';

const bitsOf = (value: number): number => (value === 0 ? 0 : (value & 1) + bitsOf(value >>> 1));
const distance = (a: readonly number[], b: readonly number[]) =>
  bitsOf((a[0]! ^ b[0]!) >>> 0) + bitsOf((a[1]! ^ b[1]!) >>> 0);
const hash = fc.tuple(fc.nat(0xffffffff), fc.nat(0xffffffff));

it('finds every hash that differs in at most 11 bits, wherever the bits are, and none that differs in more than 14', () => {
  const flips = fc.uniqueArray(fc.nat(63), {maxLength: 20});
  fc.assert(
    fc.property(hash, flips, fc.array(hash, {maxLength: 30}), ([low, high], places, others) => {
      const changed: [number, number] = [low, high];
      for (const place of places) changed[place >> 5]! ^= 1 << (place & 31);
      const other: [number, number] = [changed[0] >>> 0, changed[1] >>> 0];
      const index = nearIndex();
      const all = [[low, high] as [number, number], ...others];
      for (const one of all) index.add(one);
      const found = index.near(other);
      expect(found.every((number) => distance(all[number]!, other) <= 14)).toBe(true);
      if (places.length <= 11) expect(found).toContain(0);
      const bits = found.map((number) => distance(all[number]!, other));
      expect(bits).toEqual([...bits].sort((a, b) => a - b));
    }),
    {numRuns: 200},
  );
});

it('finds each of 100,000 hashes again, and does not compare it with all of them', () => {
  const index = nearIndex();
  const at = (i: number): [number, number] =>
    [0, 1].map((half) => Math.floor(uniform(3, i, half) * 2 ** 32)) as [number, number];
  for (let i = 0; i < 100_000; i++) index.add(at(i));
  for (let i = 0; i < 100_000; i += 997) {
    const [low, high] = at(i);
    expect(index.near([(low ^ 0b1001) >>> 0, (high ^ 0x80000001) >>> 0])[0]).toBe(i);
  }
});

it('looks at a bounded part of hashes that are all the same', () => {
  const index = nearIndex();
  for (let i = 0; i < 30_000; i++) {
    if (i % 1000 === 0) expect(index.near([5, 9]).length).toBe(Math.min(i, 64));
    index.add([5, 9]);
  }
});
