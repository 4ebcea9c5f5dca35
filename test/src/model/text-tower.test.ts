import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {toTensors} from '../../../src/engine/host-array.js';
import {parameterShapes} from '../../../src/model/parameter-shapes.js';
import {textTokens, textTower, type TokenTensors} from '../../../src/model/text-tower.js';
import {BugError} from '../../../src/support/errors.js';
import * as reference from '../../reference/clip-towers.js';
import {againstOracle, formulaInputs} from '../../support/against-oracle.js';
import {onEveryEngine} from '../../support/engines.js';
import {formulaModel} from '../../support/formula-weights.js';
import {tinyVit as config} from '../../support/tiny-clip.js';

const rows = [
  [9, 3, 10, 0, 0],
  [9, 3, 3, 7, 10],
  [9, 10, 0, 0, 0],
];

function tokensOf(ids: readonly (readonly number[])[]): TokenTensors {
  return {
    ids: tf.tensor2d(
      ids.map((row) => [...row]),
      [ids.length, ids[0]!.length],
      'int32',
    ),
    end: tf.tensor1d(
      ids.map((row) => row.indexOf(config.text.endToken)),
      'int32',
    ),
  };
}

const textShapes = Object.fromEntries(
  Object.entries(parameterShapes(config)).filter(
    ([name]) => !name.startsWith('visual.') && name !== 'logit_scale',
  ),
);

describe('text tower', () => {
  const inputs = formulaInputs(textShapes);

  const hasFeatures = againstOracle({
    inputs,
    op: (tensors) => textTower(config, tensors, tokensOf(rows)),
    oracle: (numbers) => rows.flatMap((ids) => reference.textFeature(ids, config, numbers)),
  });
  const hasTokens = againstOracle({
    inputs,
    differentiated: Object.keys(inputs).filter((name) => name !== 'text_projection'),
    op: (tensors) => textTokens(config, tensors, tokensOf(rows).ids),
    oracle: (numbers) => rows.flatMap((ids) => reference.textTokens(ids, config, numbers).flat()),
  });

  onEveryEngine(() => {
    it('has the features and gradients of plain loops', hasFeatures);
    it('has the tokens and gradients of plain loops', hasTokens);

    it('reads nothing behind the end token: other padding changes no bit, fewer columns no digit', () => {
      const weights = toTensors(formulaModel(config).weights);
      const features = (ids: readonly (readonly number[])[]): number[] =>
        tf.tidy(() => [...textTower(config, weights, tokensOf(ids)).dataSync()]);
      const plain = features([[9, 3, 10, 0, 0]]);
      expect(features([[9, 3, 10, 10, 4]])).toEqual(plain);
      features([[9, 3, 10]]).forEach((value, i) => expect(value).toBeCloseTo(plain[i]!, 5));
    });

    it('refuses more tokens than it has positions', () => {
      const weights = toTensors(formulaModel(config).weights);
      const long = tokensOf([[9, 1, 2, 3, 4, 10]]);
      expect(() => textTower(config, weights, long)).toThrow(BugError);
      expect(() => textTower(config, weights, long)).toThrow('textTower: expected at most 5 tokens, got 6');
    });
  });
});
