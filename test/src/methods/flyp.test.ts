import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import flyp from '../../../src/methods/flyp.js';
import {partOf} from '../../../src/methods/contract/parts.js';
import {clipBatch} from '../../support/engine-clip.js';
import {expectClose} from '../../support/expect-close.js';
import {compileOnRandom} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

/** The loss of one step on four images of the given classes. */
function lossOf(params: object, classes: readonly number[]): number {
  const parts = [partOf(flyp, {...params})];
  const compiled = compileOnRandom(parts, tinyVit, {}, {capture: false});
  const batch = clipBatch(tinyVit, parts, 0);
  const data = new Float32Array(classes.length * 4);
  classes.forEach((label, row) => (data[row * 4 + label] = 1));
  const labels = {shape: [classes.length, 4], data};
  const {loss} = compiled.run({...batch, 'classes.labels': labels}, {learningRate: 0, step: 1});
  compiled.dispose();
  return loss;
}

describe('flyp', () => {
  it('with a class of its own for each image is the loss of CLIP on prompts', () => {
    expectClose(lossOf({}, [0, 1, 2, 3]), lossOf({collisions: 'negatives'}, [0, 0, 0, 0]));
  });

  it('counts images of one class as positives of each other’s prompts', () => {
    const apart = lossOf({}, [0, 1, 2, 3]);
    expect(lossOf({collisions: 'negatives'}, [0, 0, 1, 1])).toBe(apart);
    expect(Math.abs(lossOf({}, [0, 0, 1, 1]) - apart)).toBeGreaterThan(1e-3);
  });

  it('with one class alone has the entropy of an even spread as its least', () => {
    expect(lossOf({}, [0, 0, 0, 0])).toBeGreaterThan(Math.log(4) - 1e-5);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    lossOf({}, [0, 1, 1, 2]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
