import * as tf from '@tensorflow/tfjs-core';
import {expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {capturedStep} from '../../../../src/engine/capture/captured-step.js';
import {
  regressionArrays,
  regressionBatch,
  regressionOptions,
  regressionStep,
} from '../../../support/engine-steps.js';

type Data = Float32Array | Int32Array;

interface WithBinding {
  binding: {createTensor(shape: number[], dtype: number, data: Data): number};
}

/** Collects what is given to TensorFlow from now on; its native functions cannot be replaced one by one. */
function collectFed(): Data[] {
  const backend = tf.findBackend('tensorflow') as unknown as WithBinding;
  const {binding} = backend;
  const fed: Data[] = [];
  const value: WithBinding['binding']['createTensor'] = (shape, dtype, data) => {
    fed.push(data);
    return binding.createTensor(shape, dtype, data);
  };
  const all = {...Object.getOwnPropertyDescriptors(binding), createTensor: {value}};
  backend.binding = Object.defineProperties({}, all) as WithBinding['binding'];
  return fed;
}

// memory that TensorFlow keeps would be given back from one of its threads, which Node does not survive
it('a captured step feeds arrays only at addresses that TensorFlow copies from', async () => {
  await startEngine('tensorflow');
  const fed = collectFed();
  const compiled = capturedStep(regressionStep, regressionOptions);
  const batch = regressionArrays(regressionBatch(0));
  compiled.run(batch, {learningRate: 0.1, step: 1, ridge: 0.25});
  for (const {data} of [...Object.values(batch), regressionOptions.weights['slope']!]) {
    expect(fed).toContainEqual(data);
  }
  // ArrayBuffers begin at multiples of 8, and TensorFlow keeps what begins at a multiple of 64
  for (const data of fed) expect(data.byteOffset % 8).toBe(4);
  compiled.dispose();
});
