import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {startEngine} from '../../../../src/engine/backend.js';
import {lookup} from '../../../../src/model/layers/lookup.js';
import {BugError} from '../../../../src/support/errors.js';

describe('lookup', () => {
  beforeAll(() => startEngine('cpu'));

  it('reads a weight below its prefix', () => {
    const proj = tf.scalar(1);
    expect(lookup({'visual.proj': proj}, 'visual.')('proj')).toBe(proj);
  });

  it('names a weight that is missing', () => {
    const read = () => lookup({}, 'visual.')('proj');
    expect(read).toThrow(BugError);
    expect(read).toThrow('weights: expected visual.proj, got none');
  });
});
