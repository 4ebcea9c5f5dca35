import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {alikeImages} from '../../../../src/data/check/alike-images.js';
import {byteRecords} from '../../../../src/data/check/byte-records.js';
import {inOrder} from '../../../../src/data/check/in-order.js';
import {likenessOf, looksAlike} from '../../../../src/data/check/perceptual-hash.js';

const digest = (value: number) => Buffer.from([value, 0, 0, 0, 0, 0, 0, 0]);
const pattern = (f: (x: number, y: number) => number) =>
  Uint8Array.from({length: 32 * 32 * 3}, (_, i) => f(Math.floor(i / 3) % 32, Math.floor(i / 96)));

describe('alikeImages', () => {
  it('names of equal images the first earlier one of each set', () => {
    const images = alikeImages();
    for (const [set, value] of [
      [0, 1],
      [0, 2],
      [0, 1],
      [1, 1],
      [1, 3],
      [2, 1],
      [2, 1],
    ] as const) {
      images.add(set, {digest: digest(value)});
    }
    expect([...images.equal()]).toEqual([
      {image: 2, earlier: [0]},
      {image: 3, earlier: [0]},
      {image: 5, earlier: [0, 3]},
      {image: 6, earlier: [0, 3, 5]},
    ]);
    expect([...images.near()]).toEqual([]);
  });

  it('compares what looks alike, and of equal images the first alone', () => {
    const images = alikeImages();
    const ramp = likenessOf(pattern((x, y) => 4 * x + 2 * y));
    const brighter = likenessOf(pattern((x, y) => 4 * x + 2 * y + 40));
    const waves = likenessOf(pattern((x, y) => 128 + 100 * Math.sin(x / 3) * Math.cos(y / 2)));
    images.add(0, {digest: digest(1), likeness: ramp});
    images.add(0, {digest: digest(2), likeness: waves});
    images.add(1, {digest: digest(1), likeness: ramp});
    images.add(1, {digest: digest(4), likeness: brighter});
    expect([...images.near()]).toEqual([{image: 3, earlier: [0]}]);
  });
});

describe('looksAlike', () => {
  it('compares plain images by their levels', () => {
    const plain = (level: number) => likenessOf(pattern(() => level)).thumbnail;
    expect(looksAlike(plain(100), plain(102))).toBe(true);
    expect(looksAlike(plain(100), plain(120))).toBe(false);
    expect(looksAlike(plain(100), likenessOf(pattern((x) => 8 * x)).thumbnail)).toBe(false);
  });

  it('tells colours apart that are equally bright', () => {
    const coloured = (red: number, blue: number) =>
      likenessOf(pattern(() => 0).map((_, i) => (i % 3 === 0 ? red : i % 3 === 2 ? blue : 60))).thumbnail;
    expect(looksAlike(coloured(200, 20), coloured(20, 200))).toBe(false);
  });
});

it('byte records come back as they were added, from memory and from disk', () => {
  const record = fc.uint8Array({minLength: 5, maxLength: 5});
  fc.assert(
    fc.property(
      fc.array(record, {maxLength: 60}),
      fc.nat(59),
      fc.integer({min: 5, max: 60}),
      (list, probe, bytes) => {
        const records = byteRecords(5, bytes);
        list.forEach((one, i) => {
          records.add(one);
          const at = Math.min(probe, i);
          expect(records.at(at)).toEqual(list[at]);
        });
        expect(Array.from({length: records.length}, (_, i) => records.at(i))).toEqual(list);
      },
    ),
    {numRuns: 60},
  );
});

describe('inOrder', () => {
  it('gives results in the order of the items, and begins no more than it is told to', async () => {
    let open = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++open);
      for (let turn = 0; turn < (item * 7) % 5; turn++) await Promise.resolve();
      open--;
      return item * 2;
    };
    const got = [];
    for await (const result of inOrder(
      Array.from({length: 30}, (_, i) => i),
      4,
      work,
    ))
      got.push(result);
    expect(got).toEqual(Array.from({length: 30}, (_, i) => 2 * i));
    expect(most).toBeLessThanOrEqual(4);
  });

  it('fails with the first item that fails', async () => {
    const work = (item: number) =>
      item > 2 ? Promise.reject(new Error(`item ${item}`)) : Promise.resolve(item);
    const got: number[] = [];
    const all = async () => {
      for await (const result of inOrder([1, 2, 3, 4, 5], 5, work)) got.push(result);
    };
    await expect(all()).rejects.toThrow('item 3');
    expect(got).toEqual([1, 2]);
  });
});
