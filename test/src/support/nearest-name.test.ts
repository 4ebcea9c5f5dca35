import {describe, expect, it} from 'vitest';
import {knownNames, nearestName} from '../../../src/support/nearest-name.js';

describe('nearestName', () => {
  it('finds one slip of the finger', () => {
    expect(nearestName('s-clp', ['clip', 's-clip', 'soft-pl'])).toBe('s-clip');
    expect(nearestName('Soft-PL', ['clip', 's-clip', 'soft-pl'])).toBe('soft-pl');
  });

  it('offers nothing when nothing is near', () => {
    expect(nearestName('resnet', ['clip', 's-clip'])).toBeUndefined();
    expect(nearestName('anything', [])).toBeUndefined();
  });

  it('is told in one phrase with all known names', () => {
    expect(knownNames('clop', ['clip', 'lora'])).toBe('known: clip, lora; did you mean clip?');
    expect(knownNames('zzzzzz', ['clip'])).toBe('known: clip');
    expect(knownNames('x', [])).toBe('known: none');
  });
});
