import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {permutation, uniform} from '../../../src/engine/random.js';
import {BugError} from '../../../src/support/errors.js';

/** Sum over cells of (observed - expected)^2 / expected. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** What chi-square exceeds once in 100,000 draws, by Wilson and Hilferty. */
function chiSquareLimit(cells: number): number {
  const degrees = cells - 1;
  return degrees * (1 - 2 / (9 * degrees) + 4.26 * Math.sqrt(2 / (9 * degrees))) ** 3;
}

function histogram(numbers: Iterable<number>, cells: number): number[] {
  const counts = Array<number>(cells).fill(0);
  for (const number of numbers) counts[Math.floor(number * cells)]!++;
  return counts;
}

const wholeNumber = fc.oneof(fc.nat(), fc.maxSafeInteger());

describe('uniform', () => {
  test('lies in [0, 1) and depends on its arguments alone', () => {
    fc.assert(
      fc.property(wholeNumber, fc.array(wholeNumber, {maxLength: 5}), (seed, counters) => {
        const value = uniform(seed, ...counters);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        expect(uniform(seed, ...counters)).toBe(value);
      }),
      {seed: 1, numRuns: 1000},
    );
  });

  test.each([
    ['the seed', (i: number) => uniform(i, 3, 5)],
    ['the first counter', (i: number) => uniform(7, i, 5)],
    ['the last counter', (i: number) => uniform(7, 3, i)],
    ['the only counter', (i: number) => uniform(0, i)],
    ['a counter beyond 32 bits', (i: number) => uniform(0, i * 2 ** 33)],
    ['a stride of a power of two', (i: number) => uniform(0, i * 4096)],
  ])('is uniform over %s, and neighbours are independent', (_, draw) => {
    const numbers = Array.from({length: 40_000}, (_, i) => draw(i));
    expect(chiSquare(histogram(numbers, 100))).toBeLessThan(chiSquareLimit(100));
    for (const lag of [1, 2, 7]) {
      const pairs = numbers.slice(lag).map((second, i) => (Math.floor(numbers[i]! * 16) + second) / 16);
      expect(chiSquare(histogram(pairs, 256)), `pairs at distance ${lag}`).toBeLessThan(chiSquareLimit(256));
    }
    // the low bits too: of 2^20 x
    const low = numbers.map((number) => (number * 2 ** 20) % 1);
    expect(chiSquare(histogram(low, 100)), 'low bits').toBeLessThan(chiSquareLimit(100));
  });

  test('one bit of any argument changes half of the output bits', () => {
    const bitsOf = (value: number) => (value * 2 ** 53).toString(2).padStart(53, '0');
    for (const position of [0, 1, 2]) {
      for (let bit = 0; bit < 40; bit++) {
        let changed = 0;
        const trials = 200;
        for (let i = 0; i < trials; i++) {
          const args = [i, 3 * i + 1, 7 * i] as [number, number, number];
          const before = bitsOf(uniform(...args));
          // by arithmetic: bit operators end at 32
          const isSet = Math.floor(args[position]! / 2 ** bit) % 2 === 1;
          args[position]! += isSet ? -(2 ** bit) : 2 ** bit;
          const after = bitsOf(uniform(...args));
          changed += [...before].filter((digit, at) => digit !== after[at]).length;
        }
        // 200 x 53 coins: a standard deviation of 0.005
        expect(changed / (trials * 53), `argument ${position}, bit ${bit}`).toBeGreaterThan(0.47);
        expect(changed / (trials * 53), `argument ${position}, bit ${bit}`).toBeLessThan(0.53);
      }
    }
  });

  test('the order and the number of counters matter', () => {
    const draws = [
      uniform(1, 2),
      uniform(2, 1),
      uniform(1, 2, 0),
      uniform(1, 0, 2),
      uniform(1),
      uniform(1, 0),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  test('a hundred thousand draws have no equal two', () => {
    const draws = Array.from({length: 100_000}, (_, i) => uniform(i % 10, Math.floor(i / 10)));
    expect(new Set(draws).size).toBe(draws.length);
  });

  test('never changes: resumed runs rely on it', () => {
    expect([uniform(0), uniform(0, 0), uniform(1, 2, 3), uniform(-5, 2 ** 40)]).toMatchInlineSnapshot(`
      [
        0.5773864177274481,
        0.8854374210993148,
        0.20908181820226446,
        0.2631863667484121,
      ]
    `);
  });

  test('whole numbers only', () => {
    expect(() => uniform(0.5)).toThrow(
      new BugError('random: expected whole numbers as seed and counters, got 0.5'),
    );
    expect(() => uniform(1, NaN)).toThrow('got NaN');
  });
});

describe('permutation', () => {
  test('holds each number below n once, in 10,000 cases of seed, epoch and n', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({max: 1000}), fc.integer({min: 0, max: 200}), (seed, epoch, n) => {
        const order = permutation(n, seed, epoch);
        expect(order.length).toBe(n);
        const seen = new Uint8Array(n);
        for (const i of order) seen[i]!++;
        expect(seen.every((count) => count === 1)).toBe(true);
      }),
      {seed: 2, numRuns: 10_000},
    );
  });

  test('every order of 5 is as likely as every other', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 24_000; epoch++) {
      const key = permutation(5, 3, epoch).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(120);
    expect(chiSquare([...counts.values()])).toBeLessThan(chiSquareLimit(120));
  });

  test('every number is as likely at every place of 40', () => {
    const counts = Array<number>(1600).fill(0);
    for (let epoch = 0; epoch < 4000; epoch++) {
      for (const [place, number] of permutation(40, 4, epoch).entries()) counts[place * 40 + number]!++;
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(1600));
  });

  test('never changes: resumed runs rely on it', () => {
    expect([...permutation(8, 42, 1)]).toMatchInlineSnapshot(`
      [
        6,
        7,
        2,
        4,
        1,
        5,
        3,
        0,
      ]
    `);
  });
});
