import * as tf from '@tensorflow/tfjs-core';
import {capturedForward} from './capture/captured-forward.js';
import type {CompileMode} from './compile.js';
import type {CompiledForward, Forward, ForwardHeld} from './forward.js';
import {toHostArray, toTensors} from './host-array.js';

/**
 * Makes a function ready to run on the engine that was started: on TensorFlow as one graph, elsewhere (or when asked)
 * operation by operation. The caller disposes it.
 */
export function compileForward(
  forward: Forward,
  held: ForwardHeld,
  {capture = tf.getBackend() === 'tensorflow', precision = 'fp32'}: CompileMode = {},
): CompiledForward {
  return capture ? capturedForward(forward, held, precision) : eagerForward(forward, held);
}

function eagerForward(forward: Forward, held: ForwardHeld): CompiledForward {
  const weights = toTensors(held.weights);
  const state = toTensors(held.state);
  return {
    run(batch) {
      const output = tf.tidy(() => forward(weights, state, toTensors(batch)));
      try {
        return toHostArray(output);
      } finally {
        output.dispose();
      }
    },
    dispose: () => tf.dispose([weights, state]),
  };
}
