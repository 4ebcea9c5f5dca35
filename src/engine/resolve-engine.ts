import {exitCodes, UserError} from '../support/errors.js';
import {engineIsLinked} from './install/linked-engine.js';

export type EngineName = 'tensorflow' | 'wasm' | 'cpu';
export type EngineChoice = 'auto' | EngineName;

export interface EngineOptions {
  /** Told, in one line, when `auto` has to take a slower engine. */
  readonly onNotice?: (message: string) => void;
}

/** TensorFlow's pairs a second over wasm's in a training step of the tiny CLIP on two cores; see engine bench. */
const wasmSlowdown = 60;

/**
 * The engine that a choice means on this machine; loads nothing.
 * @throws UserError (exit `engine`) when TensorFlow is asked for and not installed
 */
export function resolveEngine(choice: EngineChoice, {onNotice}: EngineOptions = {}): EngineName {
  if (choice === 'wasm' || choice === 'cpu') return choice;
  if (engineIsLinked()) return 'tensorflow';
  if (choice === 'tensorflow') {
    throw new UserError('--engine tensorflow: expected an installed TensorFlow, got none', {
      tryThis: 'fewclip engine install',
      exit: exitCodes.engine,
    });
  }
  onNotice?.(
    `engine: no TensorFlow is installed, using WebAssembly, about ${wasmSlowdown} times slower: fewclip engine install`,
  );
  return 'wasm';
}
