import fc from 'fast-check';
import {expect, it} from 'vitest';
import {compareCodePoints} from '../../../src/data/code-point-order.js';

it('orders strings as their UTF-8 bytes', () => {
  const text = fc.string({unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𝒳')});
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    {numRuns: 2000},
  );
});
