import {describe, expect, test} from 'vitest';
import {resolveEngine, type EngineChoice} from '../../../src/engine/resolve-engine.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';

function resolve(choice: EngineChoice, isInstalled: boolean) {
  const notices: string[] = [];
  const name = resolveEngine(choice, {onNotice: (message) => notices.push(message)}, isInstalled);
  return {name, notices};
}

describe('resolveEngine', () => {
  test('auto takes TensorFlow where it is installed, without a word', () => {
    expect(resolve('auto', true)).toEqual({name: 'tensorflow', notices: []});
  });

  test('auto takes wasm elsewhere, and says in one line how much slower and how to install', () => {
    const {name, notices} = resolve('auto', false);
    expect(name).toBe('wasm');
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /^engine: no TensorFlow is installed, so wasm is used, about \d+ times slower; install it with: fewclip engine install$/,
    );
  });

  test('TensorFlow asked for and not installed is an error that tells the command', () => {
    expect(() => resolve('tensorflow', false)).toThrow(
      new UserError('--engine tensorflow: expected an installed TensorFlow, got none', {
        tryThis: 'fewclip engine install',
        exit: exitCodes.engine,
      }),
    );
    expect(resolve('tensorflow', true)).toEqual({name: 'tensorflow', notices: []});
  });

  test.each(['wasm', 'cpu'] as const)('%s is taken as asked, installed or not', (choice) => {
    for (const isInstalled of [true, false]) {
      expect(resolve(choice, isInstalled)).toEqual({name: choice, notices: []});
    }
  });
});
