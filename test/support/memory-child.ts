// Takes ten lots of steps of a small fit and prints its memory (bytes, JSON) after every lot. Run with --expose-gc.
// Arguments: the steps of a lot, and `keep` to keep a number of every step with the engine.
import * as tf from '@tensorflow/tfjs-core';
import {startEngine} from '../../src/engine/backend.js';
import {compileStep} from '../../src/engine/compile.js';
import {regressionArrays, regressionBatch, regressionOptions, regressionStep} from './engine-steps.js';

const [lot, keep] = [Number(process.argv[2]), process.argv[3] === 'keep'];
await startEngine('tensorflow');
const compiled = compileStep(regressionStep, regressionOptions);
const sizes: number[] = [];
const kept: tf.Tensor[] = [];
for (let step = 1; step <= 10 * lot; step++) {
  const batch = regressionArrays(regressionBatch(step));
  const {loss} = compiled.run(batch, {learningRate: 1e-3, step, ridge: 0.1});
  compiled.read('weights/logit_scale');
  if (keep) kept.push(tf.tidy(() => tf.square(tf.scalar(loss))));
  if (step % lot === 0) {
    globalThis.gc!();
    sizes.push(process.memoryUsage.rss());
  }
}
process.stdout.write(JSON.stringify(sizes));
