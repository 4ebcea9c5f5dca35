import {describe, expect, it} from 'vitest';
import {cssColour, distinctColour, heatColour, sharesOfRange} from '../../../src/report/colour-ramp.js';

/** Perceived brightness (Rec. 709). */
const brightness = ([r, g, b]: readonly [number, number, number]) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

describe('heatColour', () => {
  it('grows brighter with the value, so that it reads without colours', () => {
    const levels = Array.from({length: 21}, (_, i) => brightness(heatColour(i / 20)));
    levels.slice(1).forEach((level, i) => expect(level).toBeGreaterThan(levels[i]!));
  });

  it('takes values outside the range as its ends', () => {
    expect(heatColour(-3)).toEqual(heatColour(0));
    expect(heatColour(7)).toEqual(heatColour(1));
  });
});

describe('distinctColour', () => {
  it('gives ten different colours, then begins again', () => {
    const ten = Array.from({length: 10}, (_, i) => cssColour(distinctColour(i)));
    expect(new Set(ten).size).toBe(10);
    expect(distinctColour(10)).toEqual(distinctColour(0));
  });
});

describe('sharesOfRange', () => {
  it('spreads values over 0 to 1, equal ones at 0', () => {
    expect(sharesOfRange([2, 4, 3])).toEqual([0, 1, 0.5]);
    expect(sharesOfRange([5, 5])).toEqual([0, 0]);
  });
});
