import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {compareCodePoints} from '../../../src/data/code-point-order.js';
import {idIndex} from '../../../src/data/id-index.js';
import {lazyArray, lazyConcat, lazyMap} from '../../../src/data/lazy-array.js';
import {findSorted, sortingSpool} from '../../../src/data/sorting-spool.js';
import {spool} from '../../../src/data/spool.js';

describe('a spool', () => {
  it('gives back what was added, in memory or on disk, while it grows and after', () => {
    const value = fc.record({id: fc.string({unit: 'grapheme'}), n: fc.integer()});
    fc.assert(
      fc.property(fc.array(value, {maxLength: 400}), fc.nat(300), fc.nat(399), (values, inMemory, probe) => {
        const list = spool<(typeof values)[number]>(inMemory);
        values.forEach((each, i) => {
          list.add(each);
          expect(list.at(Math.min(probe, i))).toEqual(values[Math.min(probe, i)]);
        });
        const finished = list.finish();
        expect(list.length).toBe(values.length);
        expect(finished.length).toBe(values.length);
        expect([...finished]).toEqual(values);
        expect(finished.at(-1)).toEqual(values.at(-1));
      }),
      {numRuns: 60},
    );
  });
});

describe('a sorting spool', () => {
  it('sorts by code points and keeps the last of equal keys, whatever fits into memory', () => {
    const value = fc.record({
      key: fc.string({unit: fc.constantFrom('a', 'b', '\uffff', '😀'), maxLength: 3}),
      n: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(value, {maxLength: 300}), fc.integer({min: 1, max: 400}), (values, inMemory) => {
        const sorter = sortingSpool<(typeof values)[number]>(({key}) => key, inMemory);
        for (const each of values) sorter.add(each);
        const expected = [...new Map(values.map((each) => [each.key, each])).values()].sort((a, b) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
        );
        const sorted = sorter.finish();
        expect([...sorted]).toEqual(expected);
        for (const each of expected) expect(findSorted(sorted, each.key, ({key}) => key)).toEqual(each);
        expect(findSorted(sorted, 'none', ({key}) => key)).toBeUndefined();
      }),
      {numRuns: 100},
    );
    expect(compareCodePoints('\uffff', '😀')).toBeLessThan(0);
  });
});

describe('an index of ids', () => {
  it('knows every id that was added, and its row', () => {
    const names = fc.array(fc.string({maxLength: 2}), {maxLength: 3000});
    fc.assert(
      fc.property(names, (ids) => {
        const rows: string[] = [];
        const known = new Map<string, number>();
        const index = idIndex((row) => rows[row]!);
        for (const id of ids) {
          expect(index.findOrAdd(id, rows.length)).toBe(known.get(id));
          if (known.has(id)) continue;
          known.set(id, rows.length);
          rows.push(id);
        }
      }),
      {numRuns: 20},
    );
  });

  it('tells ids of one hash apart', () => {
    const rows: string[] = [];
    const index = idIndex((row) => rows[row]!);
    // more ids than a hash of 32 bits tells apart: about eleven pairs share one
    for (let i = 0; i < 300_000; i++) {
      const id = `image-${i}`;
      if (index.findOrAdd(id, i) !== undefined) throw new Error(`${id} was taken for another`);
      rows.push(id);
    }
    expect(index.findOrAdd('image-123456', 0)).toBe(123_456);
  });
});

describe('a lazy array', () => {
  it('is read as any array, and makes only what is asked for', () => {
    const made: number[] = [];
    const squares = lazyArray(1_000_000, (i) => {
      made.push(i);
      return i * i;
    });
    expect(Array.isArray(squares)).toBe(true);
    expect([squares.length, squares[3], squares.at(-1), squares[1_000_000]]).toEqual([
      1e6,
      9,
      999_999 ** 2,
      undefined,
    ]);
    expect(made).toEqual([3, 999_999]);
    expect(squares.slice(2, 4)).toEqual([4, 9]);
    expect(lazyArray(3, (i) => i).map((i) => i + 1)).toEqual([1, 2, 3]);
    expect([...lazyMap(squares, (n) => -n, 10).slice(0, 3)]).toEqual([-0, -1, -4]);
    const joined = lazyConcat([7], squares, 10);
    expect([joined.length, joined[0], joined[2]]).toEqual([1_000_001, 7, 1]);
    expect(lazyConcat([], squares)).toBe(squares);
    expect(lazyConcat([1], [2])).toEqual([1, 2]);
  });
});
