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

const options = {draws: 12, seed: 5, stream: 8};

describe('drawPartners', () => {
  const captioned = features(20, 32);
  const uncaptioned = features(100, 33);
  const partners = drawPartners(captioned, uncaptioned, options);

  /** By sorting all cosines, the other way to find the nearest. */
  const cosines = (row: number) =>
    Array.from({length: 20}, (_, j) => {
      const product = (k: number) => captioned.values[j * 16 + k]! * uncaptioned.values[row * 16 + k]!;
      return {
        j,
        cosine: Array.from({length: 16}, (_k, k) => product(k)).reduce((sum, value) => sum + value, 0),
      };
    }).sort((a, b) => b.cosine - a.cosine);
  const nearest = Array.from({length: 100}, (_, row) => ({row, ...cosines(row)[0]!}));
  const kept = [...nearest].sort((a, b) => b.cosine - a.cosine).slice(0, 50);

  it('gives a captioned image those of the nearer half that are nearest to it', () => {
    const found = partners.map((own) => [...new Set(own)].sort((a, b) => a - b));
    for (const [j, own] of found.entries()) {
      const expected = kept.filter((one) => one.j === j).map(({row}) => row);
      if (expected.length > 0) expect(own).toEqual(expected.sort((a, b) => a - b));
    }
    expect(new Set(kept.map(({j}) => j)).size).toBeGreaterThan(10);
  });

  it('gives one that is nobody’s nearest what is most like it', () => {
    const lone = partners.flatMap((own, j) => (kept.some((one) => one.j === j) ? [] : [{own, j}]));
    expect(lone.length).toBeGreaterThan(0);
    for (const {own, j} of lone) {
      const like = (row: number) => cosines(row).find((one) => one.j === j)!.cosine;
      const best = nearest.map(({row}) => row).sort((a, b) => like(b) - like(a))[0]!;
      expect(new Set(own)).toEqual(new Set([best]));
    }
  });

  it('gives images of the class of the captioned one', () => {
    const all = partners.flatMap((own, i) => own.map((place) => place % classes === i % classes));
    expect(all.filter(Boolean).length / all.length).toBeGreaterThan(0.9);
  });

  it('takes all partners of an image before one comes again, in an order of its own each time', () => {
    const most = partners.reduce((a, b) => (new Set(b).size > new Set(a).size ? b : a));
    const count = new Set(most).size;
    expect(count).toBeGreaterThan(2);
    expect(new Set(most.slice(0, count)).size).toBe(count);
    const longer = drawPartners(captioned, uncaptioned, {...options, draws: 30 * count});
    const passes = longer.flatMap((own) =>
      new Set(own).size === count ? [own.slice(0, count).join(), own.slice(count, 2 * count).join()] : [],
    );
    expect(new Set(passes).size).toBeGreaterThan(1);
  });

  it('is a function of its arguments', () => {
    expect(drawPartners(captioned, uncaptioned, options)).toEqual(partners);
    expect(drawPartners(captioned, uncaptioned, {...options, seed: 6})).not.toEqual(partners);
  });

  it('goes on with the same draws where more are asked for', () => {
    const longer = drawPartners(captioned, uncaptioned, {...options, draws: 60});
    expect(longer.map((own) => own.slice(0, options.draws))).toEqual(partners);
  });

  it('takes the only image there is', () => {
    expect(drawPartners(features(2, 35), features(1, 36), {...options, draws: 3})).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});
