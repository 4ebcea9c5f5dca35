import {describe, expect, it} from 'vitest';
import {drawPartners} from '../../../../src/app/training/draw-partners.js';
import type {Rows} from '../../../../src/eval/inner-products.js';
import {unitRows} from '../../../reference/matrix.js';
import {randomMatrix} from '../../../support/random-features.js';

const classes = 5;
const codes = randomMatrix(classes, 16, 31);

/** As many rows of every class as asked for, class by class in turn. */
function features(count: number, seed: number): Rows {
  const noise = randomMatrix(count, 16, seed);
  const rows = unitRows(noise.map((row, i) => row.map((value, j) => 2 * codes[i % classes]![j]! + value)));
  return {values: Float32Array.from(rows.flat()), count, dim: 16};
}

const options = {scale: 30, draws: 40, seed: 5, stream: 8};

describe('drawPartners', () => {
  const captioned = features(20, 32);
  const uncaptioned = features(100, 33);
  const partners = drawPartners(captioned, uncaptioned, options);

  it('draws images of the class of the captioned one', () => {
    const all = partners.flatMap((own, i) => own.map((place) => place % classes === i % classes));
    expect(all.filter(Boolean).length / all.length).toBeGreaterThan(0.9);
  });

  it('draws all uncaptioned images about equally often: 8 times each of 800', () => {
    const times = new Array<number>(100).fill(0);
    partners.flat().forEach((place) => times[place]!++);
    expect(Math.min(...times)).toBeGreaterThan(0);
    expect(Math.max(...times)).toBeLessThan(24);
  });

  it('draws a class that is half of the uncaptioned images little more often than it is captioned, a fifth', () => {
    const more = 60;
    const extra = features(classes * more, 34);
    const ofFirst = Array.from({length: more}, (_, i) =>
      extra.values.subarray(classes * i * 16, (classes * i + 1) * 16),
    );
    const values = Float32Array.from([uncaptioned.values, ...ofFirst].flatMap((part) => [...part]));
    const drawn = drawPartners(captioned, {values, count: 160, dim: 16}, options).flat();
    const isFirst = (place: number) => place >= 100 || place % classes === 0;
    const share = drawn.filter(isFirst).length / drawn.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.3);
  });

  it('is a function of its arguments', () => {
    expect(drawPartners(captioned, uncaptioned, options)).toEqual(partners);
    expect(drawPartners(captioned, uncaptioned, {...options, seed: 6})).not.toEqual(partners);
  });

  it('goes on with the same draws where more are asked for', () => {
    const longer = drawPartners(captioned, uncaptioned, {...options, draws: 60});
    expect(longer.map((own) => own.slice(0, 40))).toEqual(partners);
  });

  it('takes the only image there is', () => {
    expect(drawPartners(features(2, 35), features(1, 36), {...options, draws: 3})).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});
