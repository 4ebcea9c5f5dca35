import {BugError} from '../support/errors.js';
import {resolveEngine, type EngineChoice, type EngineName, type EngineOptions} from './resolve-engine.js';

export {resolveEngine, type EngineChoice, type EngineName, type EngineOptions};

/** The engine that runs. */
export interface EngineInfo {
  readonly name: EngineName;
  /** Of TensorFlow, or of tfjs for the other two. */
  readonly version: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
}

/**
 * Makes an engine the one that all tensors of this process live in. Starting the same one again changes nothing.
 * Loads tfjs and the engine's library, and only those.
 * @throws UserError (exit `engine`) when TensorFlow is asked for and not installed, or does not load
 */
export async function startEngine(choice: EngineChoice, options: EngineOptions = {}): Promise<EngineInfo> {
  const name = resolveEngine(choice, options);
  const tf = await import('@tensorflow/tfjs-core');
  // silences tfjs's advice on the console; it changes nothing else
  tf.enableProdMode();
  await loaders[name]();
  if (!(await tf.setBackend(name))) throw new BugError(`engine: expected ${name} to start, got a refusal`);
  if (name !== 'tensorflow') return {name, version: tf.version_core, gpu: false};
  const {tensorFlowFacts} = await import('./tensorflow-engine.js');
  return {name, ...tensorFlowFacts()};
}

/** Each makes its backend known to tfjs, once. */
const loaders: Readonly<Record<EngineName, () => Promise<void>>> = {
  tensorflow: async () => (await import('./tensorflow-engine.js')).loadTensorFlow(),
  wasm: async () => (await import('./wasm/wasm-engine.js')).startWasm(),
  cpu: async () => (await import('./cpu-engine.js')).loadCpu(),
};
