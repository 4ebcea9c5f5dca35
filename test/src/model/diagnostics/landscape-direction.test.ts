import {describe, expect, it} from 'vitest';
import {gaussianValues} from '../../../../src/model/diagnostics/gaussian-values.js';
import {landscapeDirection} from '../../../../src/model/diagnostics/landscape-direction.js';
import {formulaModel} from '../../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../../support/tiny-clip.js';

/** Lengths of the filters along one axis, entry by entry. */
function lengths(data: ArrayLike<number>, shape: readonly number[], axis: number): number[] {
  const squares = new Array<number>(shape[axis]!).fill(0);
  const stride = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  Array.from(data).forEach((value, k) => (squares[Math.floor(k / stride) % shape[axis]!]! += value ** 2));
  return squares.map(Math.sqrt);
}

describe('landscapeDirection', () => {
  const {weights} = formulaModel(tinyVit);
  const direction = landscapeDirection(weights, 3, 0);

  it.each([
    ['visual.transformer.resblocks.0.mlp.c_fc.weight', 0],
    ['token_embedding.weight', 0],
    ['positional_embedding', 0],
    ['visual.proj', 1],
    ['text_projection', 1],
    ['visual.conv1.weight', 3],
  ])('makes the filters of %s, along axis %d, as long as those of the weight', (name, axis) => {
    const {shape, data} = weights[name]!;
    const [own, held] = [lengths(direction[name]!.data, shape, axis), lengths(data, shape, axis)];
    own.forEach((length, i) => expect(length).toBeCloseTo(held[i]!, 4));
  });

  it('leaves biases, norms and the scale where they are', () => {
    const {weights: all} = formulaModel(tinyResNet);
    const still = Object.keys(all).filter((name) => all[name]!.shape.length < 2);
    expect(still).toContain('logit_scale');
    const moved = landscapeDirection(all, 0, 1);
    for (const name of still) expect(moved[name]).toBeUndefined();
    expect(Object.keys(moved)).toHaveLength(Object.keys(all).length - still.length);
  });

  it('is the same for the same seed, and another for the other direction or seed', () => {
    const name = 'visual.proj';
    expect(landscapeDirection(weights, 3, 0)[name]!.data).toEqual(direction[name]!.data);
    expect(landscapeDirection(weights, 3, 1)[name]!.data).not.toEqual(direction[name]!.data);
    expect(landscapeDirection(weights, 4, 0)[name]!.data).not.toEqual(direction[name]!.data);
  });
});

describe('gaussianValues', () => {
  const values = Array.from(gaussianValues(200_001, 7, 1));
  const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / values.length;

  it('has the moments of the standard normal distribution', () => {
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  });

  it('has neighbours that know nothing of each other', () => {
    const products = values.slice(1).map((x, i) => x * values[i]!);
    expect(Math.abs(products.reduce((sum, x) => sum + x, 0) / products.length)).toBeLessThan(0.01);
  });

  it('is a function of the counters', () => {
    expect(gaussianValues(5, 7, 1)).toEqual(Float32Array.from(values.slice(0, 5)));
    expect(gaussianValues(5, 7, 2)).not.toEqual(gaussianValues(5, 7, 1));
  });
});
