import {beforeAll, describe} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';

/** Declares the same tests on every engine. */
export function onEveryEngine(tests: () => void): void {
  describe.each(['tensorflow', 'wasm', 'cpu'] as const)('on %s', (engine) => {
    beforeAll(() => startEngine(engine));
    tests();
  });
}
