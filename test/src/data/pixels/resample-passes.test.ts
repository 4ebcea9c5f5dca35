import {describe, expect, it} from 'vitest';
import {compilePasses, type Taps} from '../../../../src/data/pixels/resample-passes.js';
import {uniform} from '../../../../src/engine/random.js';
import {referencePasses} from '../../../reference/resample-passes.js';

function noise(width: number, height: number) {
  const pixels255 = Uint8Array.from({length: width * height * 3}, (_, i) => uniform(1, width, i) * 256);
  return {width, height, pixels255};
}

/** `count` taps of up to `longest` pixels, spread over an axis, with weights around a sum of 1 of either sign. */
function someTaps(size: number, count: number, longest: number): Taps[] {
  let end = 0;
  return Array.from({length: count}, (_, i) => {
    const first = Math.floor((size * i) / count);
    end = Math.min(Math.max(end, first + 1 + Math.floor(uniform(2, size, i) * longest)), size);
    const one = 2 ** 22 / (end - first);
    const weights = Int32Array.from(
      {length: end - first},
      (_, k) => (uniform(3, size, i, k) * 2.5 - 0.6) * one,
    );
    return {first, weights};
  });
}

describe('the passes are those of exact arithmetic', () => {
  it.each([
    {from: [1, 1], to: [1, 1], longest: 1},
    {from: [5, 3], to: [7, 4], longest: 1},
    {from: [40, 30], to: [17, 9], longest: 6},
    {from: [30, 40], to: [6, 11], longest: 17},
    // more source than one strip holds, and a row larger than one
    {from: [300, 650], to: [5, 3], longest: 300},
    {from: [90_000, 3], to: [2, 2], longest: 90_000},
  ] as const)('$from pixels to $to, up to $longest taps', ({from, to, longest}) => {
    const image = noise(from[0], from[1]);
    const taps = {columns: someTaps(from[0], to[0], longest), rows: someTaps(from[1], to[1], longest)};
    const result = compilePasses()(image, taps);
    expect([result.width, result.height]).toEqual(to);
    expect([...result.pixels255]).toEqual(referencePasses(image, taps));
  });

  it('whatever was resampled before', () => {
    const passes = compilePasses();
    const [large, small] = [noise(120, 110), noise(13, 9)];
    const smallTaps = {columns: someTaps(13, 6, 5), rows: someTaps(9, 4, 3)};
    const first = passes(small, smallTaps);
    passes(large, {columns: someTaps(120, 100, 50), rows: someTaps(110, 100, 50)});
    expect(passes(small, smallTaps)).toEqual(first);
    expect([...first.pixels255]).toEqual(referencePasses(small, smallTaps));
  });
});

it('sums beyond a byte end at black and white', () => {
  const image = {width: 2, height: 1, pixels255: Uint8Array.of(255, 0, 100, 0, 255, 100)};
  const columns = [{first: 0, weights: Int32Array.of(2 * 2 ** 22, -(2 ** 22))}];
  const {pixels255} = compilePasses()(image, {columns, rows: [{first: 0, weights: Int32Array.of(2 ** 22)}]});
  expect([...pixels255]).toEqual([255, 0, 100]);
});
