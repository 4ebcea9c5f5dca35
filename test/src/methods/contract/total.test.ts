import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {total} from '../../../../src/methods/contract/total.js';
import {UserError} from '../../../../src/support/errors.js';
import {inScope} from '../../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const term = (weight: number, value: number) => ({weight, value: () => tf.scalar(value)});

it('sums weight times value and keeps each own value', () => {
  const {loss, terms} = inScope(() => {
    const result = total({a: term(1, 2), b: term(0.5, 6)});
    return {
      loss: result.loss.arraySync(),
      terms: Object.values(result.terms).map((value) => value.arraySync()),
    };
  });
  expect(loss).toBe(5);
  expect(terms).toEqual([2, 6]);
});

it('evaluates in order, each term once, and a term at weight 0 never', () => {
  const evaluated: string[] = [];
  const noted = (name: string, weight: number) => ({
    weight,
    value: () => {
      evaluated.push(name);
      return tf.scalar(1);
    },
  });
  const names = inScope(() =>
    Object.keys(total({z: noted('z', 1), off: noted('off', 0), a: noted('a', 2)}).terms),
  );
  expect(evaluated).toEqual(['z', 'a']);
  expect(names).toEqual(['z', 'a']);
});

it('refuses an objective without any weight', () => {
  expect(() => total({a: term(0, 1)})).toThrow(
    new UserError('objective: expected a term with a weight other than 0, got none'),
  );
});
