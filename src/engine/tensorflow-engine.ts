import {createRequire} from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import {BugError, exitCodes, UserError} from '../support/errors.js';
import {loadQuietly} from './quiet-load.js';

/** What tfjs-node-gpu offers beside tfjs itself. */
interface TensorFlowBackend {
  readonly binding: {readonly TF_Version: string};
  readonly isUsingGpuDevice: boolean;
}

/** Read once, when TensorFlow's library is loaded; what the user has set stays. */
const environmentDefaults = {
  // nothing below an error: a warning is about its own build or about GPUs, which doctor reports
  TF_CPP_MIN_LOG_LEVEL: '2',
  // memory of a GPU is taken as needed, not all at once
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  // the same plan gives the same bits: sums in a fixed order on GPUs too
  TF_DETERMINISTIC_OPS: '1',
} as const;

/**
 * Loads tfjs-node-gpu and registers its backend under the name `tensorflow`. The engine must be linked.
 * @throws UserError (exit `engine`) when its library does not load
 */
export function loadTensorFlow(): void {
  for (const [name, value] of Object.entries(environmentDefaults)) process.env[name] ??= value;
  replaceOldUtil();
  const require = createRequire(import.meta.url);
  let loaded: typeof tf;
  try {
    loaded = loadQuietly(() => require('@tensorflow/tfjs-node-gpu') as typeof tf);
  } catch (cause) {
    throw new UserError(`engine: expected TensorFlow to load, got: ${firstLine(cause)}`, {
      tryThis: 'fewclip doctor; fewclip engine install --force installs it again',
      exit: exitCodes.engine,
      cause,
    });
  }
  if (loaded.Tensor !== tf.Tensor) {
    throw new BugError('engine: expected one tfjs-core, got a second one inside tfjs-node-gpu');
  }
}

/** Version of the loaded TensorFlow library, and whether it runs on a GPU. */
export function tensorFlowFacts(): {readonly version: string; readonly gpu: boolean} {
  const {binding, isUsingGpuDevice} = tf.backend() as unknown as TensorFlowBackend;
  return {version: binding.TF_Version, gpu: isUsingGpuDevice};
}

/** tfjs-node still calls two functions that Node 22 warns about and Node 23 took away. */
function replaceOldUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
  util['isArray'] = Array.isArray;
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause);
}
