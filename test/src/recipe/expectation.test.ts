import {expect, it} from 'vitest';
import {compareFigures} from '../../../src/recipe/expectation.js';

it('a figure is met within its tolerance, and not when nothing of its name was measured', () => {
  const figures = {
    near: {value: 0.5, tolerance: 0.02},
    far: {value: 0.5, tolerance: 0.02},
    absent: {value: 0.5, tolerance: 1},
    toString: {value: 0, tolerance: 1},
  };
  const compared = compareFigures({figures}, {near: 0.519, far: 0.479, other: 1});
  expect(compared.map(({name, got, isMet}) => [name, got, isMet])).toEqual([
    ['near', 0.519, true],
    ['far', 0.479, false],
    ['absent', undefined, false],
    ['toString', undefined, false],
  ]);
});
