import {describe, it} from 'vitest';
import {activate} from '../../../../src/model/layers/activation.js';
import * as reference from '../../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

describe.each(['gelu', 'quick_gelu'] as const)('activate with %s', (activation) => {
  const isItsFormula = againstOracle({
    inputs: formulaInputs({x: [6, 5]}, (_, value) => 6 * value),
    op: ({x}) => activate(x!, activation),
    oracle: ({x}) => Array.from(x!, (value) => reference.activate(value, activation)),
  });

  onEveryEngine(() => {
    it('is its formula, with its gradient, on both tails', isItsFormula);
  });
});
