import {exitCodes, UserError} from '../support/errors.js';
import {engineIsLinked} from './install/linked-engine.js';

export type EngineName = 'tensorflow' | 'wasm' | 'cpu';
export type EngineChoice = 'auto' | EngineName;

export interface EngineOptions {
  /** Told, in one line, when `auto` has to take a slower engine. */
  readonly onNotice?: (message: string) => void;
}

/** Processor time of a step of the tiny CLIP (64 pixels, 8 + 6 layers) on two cores, a pair, over TensorFlow's. */
const wasmSlowdown = 15;

/**
 * The engine that a choice means on this machine; loads nothing.
 * @param isInstalled whether a TensorFlow engine is linked
 * @throws UserError (exit `engine`) when TensorFlow is asked for and not installed
 */
export function resolveEngine(
  choice: EngineChoice,
  {onNotice}: EngineOptions = {},
  isInstalled = engineIsLinked(),
): EngineName {
  if (choice === 'wasm' || choice === 'cpu') return choice;
  if (isInstalled) return 'tensorflow';
  if (choice === 'tensorflow') {
    throw new UserError('--engine tensorflow: expected an installed TensorFlow, got none', {
      tryThis: 'fewclip engine install',
      exit: exitCodes.engine,
    });
  }
  onNotice?.(
    `engine: no TensorFlow is installed, so wasm is used, about ${wasmSlowdown} times slower; install it with: fewclip engine install`,
  );
  return 'wasm';
}
