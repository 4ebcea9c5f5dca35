import {expect, it} from 'vitest';
import {comparisonRemarks} from '../../../src/cli/follow-comparison.js';

it('below a table stand the runs that failed, and whether the keywords name the classes', () => {
  const failed = [{label: 's-clip', seed: 1, message: 'step 3: expected a finite loss'}];
  expect(comparisonRemarks({failed, vocabulary: 'own'})).toEqual([
    'failed: s-clip, seed 1: step 3: expected a finite loss',
  ]);
  expect(comparisonRemarks({failed: [], vocabulary: 'oracle'})).toEqual([
    'oracle vocabulary: the keywords name the classes that zero-shot evaluation asks for',
  ]);
});
