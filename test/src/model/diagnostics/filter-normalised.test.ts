import {describe, expect, it} from 'vitest';
import {filterNormalised} from '../../../../src/model/diagnostics/filter-normalised.js';
import {randomMatrix} from '../../../support/random-features.js';

/** Euclidean length of every filter, entry by entry. */
function lengths(values: ArrayLike<number>, shape: readonly number[], axis: number): number[] {
  const squares = Array.from({length: shape[axis]!}, () => 0);
  Array.from(values).forEach((value, position) => {
    let rest = position;
    const index = [...shape].reverse().map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return at;
    });
    squares[index.reverse()[axis]!]! += value ** 2;
  });
  return squares.map(Math.sqrt);
}

describe('filterNormalised', () => {
  it.each([
    [[4, 6], 0],
    [[4, 6], 1],
    [[2, 2, 3, 5], 3],
  ])('of shape %j every filter along axis %d gets the length of its weight', (shape, axis) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const [data, direction] = [261, 262].map((seed) => randomMatrix(1, size, seed)[0]!) as [
      number[],
      number[],
    ];
    const weight = {shape, data: Float32Array.from(data)};
    const found = filterNormalised(direction, weight, axis);
    const [got, want] = [lengths(found, shape, axis), lengths(weight.data, shape, axis)];
    got.forEach((length, filter) => expect(length).toBeCloseTo(want[filter]!, 10));
    found.forEach((value, i) => expect(Math.sign(value)).toBe(Math.sign(direction[i]!)));
  });

  it('biases, norms and the scale do not move', () => {
    expect([...filterNormalised([1, 2], {shape: [2], data: Float32Array.of(3, 4)}, 0)]).toEqual([0, 0]);
    expect([...filterNormalised([1], {shape: [], data: Float32Array.of(4.6)}, 0)]).toEqual([0]);
  });

  it('a filter of zeros stays where it is, as does one without a direction', () => {
    const weight = {shape: [2, 2], data: Float32Array.of(0, 0, 1, 1)};
    expect([...filterNormalised([1, 2, 0, 0], weight, 0)]).toEqual([0, 0, 0, 0]);
  });
});
