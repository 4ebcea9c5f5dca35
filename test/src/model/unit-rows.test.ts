import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {unitRows} from '../../../src/model/unit-rows.js';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {toRows} from '../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../support/against-oracle.js';
import {onEveryEngine} from '../../support/engines.js';

describe('unitRows', () => {
  const divides = againstOracle({
    inputs: formulaInputs({x: [3, 4]}),
    op: ({x}) => unitRows(x as Tensor2D),
    oracle: ({x}) => toRows(x!, 4).flatMap((row) => row.map((value) => value / Math.hypot(...row))),
  });

  onEveryEngine(() => {
    it('divides every row by its length', divides);

    it('keeps a zero row zero, with a finite gradient', () => {
      const zero = tf.zeros<tf.Rank.R2>([1, 3]);
      expect([...unitRows(zero).dataSync()]).toEqual([0, 0, 0]);
      expect(
        tf
          .grad((x) => tf.sum(unitRows(x as Tensor2D)))(zero)
          .dataSync()
          .every(Number.isFinite),
      ).toBe(true);
    });
  });
});
