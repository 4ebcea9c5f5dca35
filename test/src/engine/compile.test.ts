import {describe, expect, test} from 'vitest';
import {compileStep} from '../../../src/engine/compile.js';
import {BugError} from '../../../src/support/errors.js';
import {regressionOptions, regressionStep} from '../../support/engine-steps.js';

describe('compileStep refuses', () => {
  test.each([
    [
      'nothing to train',
      {trained: new Set<string>(), decayed: new Set<string>()},
      'compileStep: expected at least one trained weight, got none',
    ],
    [
      'a trained weight that is not there',
      {trained: new Set(['slop'])},
      'compileStep: expected trained and clamped weights among the weights, got slop',
    ],
    [
      'a clamped weight that is not there',
      {clamped: {scale: [0, 1] as const}},
      'compileStep: expected trained and clamped weights among the weights, got scale',
    ],
    [
      'a decayed weight that is frozen',
      {decayed: new Set(['frozen'])},
      'compileStep: expected decayed weights to be trained, got frozen',
    ],
  ])('%s', (_, change, message) => {
    expect(() => compileStep(regressionStep, {...regressionOptions, ...change})).toThrow(
      new BugError(message),
    );
  });
});
