import {describe, expect, it} from 'vitest';
import {averageWeights} from '../../../src/model/weight-average.js';
import {BugError} from '../../../src/support/errors.js';

const held = (...values: number[]) => ({shape: [values.length], data: Float32Array.from(values)});
const start = {w: held(1, -2, 0.1), logit_scale: {shape: [], data: Float32Array.of(4.6)}};
const tuned = {w: held(2, 0, 0.3), logit_scale: {shape: [], data: Float32Array.of(4.2)}, extra: held(7)};

describe('averageWeights', () => {
  it('mixes every tensor of the start, the scale too, and drops what only training added', () => {
    const mixed = averageWeights(start, tuned, 0.25);
    expect(Object.keys(mixed)).toEqual(['w', 'logit_scale']);
    [1.25, -1.5, 0.15].forEach((value, i) => expect(mixed['w']!.data[i]).toBeCloseTo(value, 6));
    expect(mixed['logit_scale']!.data[0]).toBeCloseTo(4.5, 6);
  });

  it('at 0 and at 1 it is one of the two to the bit', () => {
    expect(averageWeights(start, tuned, 0)).toEqual(start);
    const {w, logit_scale} = tuned;
    expect(averageWeights(start, tuned, 1)).toEqual({w, logit_scale});
  });

  it('leaves what it was given alone', () => {
    averageWeights(start, tuned, 0.5);
    expect([...start.w.data]).toEqual([1, -2, Math.fround(0.1)]);
  });

  it('refuses models that do not fit', () => {
    expect(() => averageWeights(start, {w: held(1, 2, 3)}, 0.5)).toThrow(
      new BugError('averageWeights: expected logit_scale [] in both, got [none]'),
    );
    expect(() => averageWeights({w: held(1)}, {w: held(1, 2)}, 0.5)).toThrow(
      new BugError('averageWeights: expected w [1] in both, got [2]'),
    );
  });
});
