import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes the gradients of tfjs's operations known. Its core keeps them in modules that Node cannot load on their own;
 * the whole of tfjs, a dependency of tfjs-node-gpu, registers them when it is loaded.
 */
export function registerGradients(): void {
  if (tf.getGradient('Sum') !== undefined) return; // done before
  const require = createRequire(import.meta.url);
  createRequire(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))('@tensorflow/tfjs');
}
