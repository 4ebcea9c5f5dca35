import {expect, it} from 'vitest';
import {halfBlocks} from '../../../src/ui/half-blocks.js';

const [red, blue, white, black] = [
  [255, 0, 0],
  [0, 0, 255],
  [255, 255, 255],
  [0, 0, 0],
] as const;
const picture = {pixels255: Uint8Array.from([...red, ...blue, ...white, ...black].flat()), side: 2};

it('two rows of pixels are a line: the upper in the colour of the letter, the lower in that of the ground', () => {
  expect(halfBlocks(picture, 24)).toEqual([
    '\u001B[38;2;255;0;0;48;2;255;255;255m▀\u001B[38;2;0;0;255;48;2;0;0;0m▀\u001B[0m',
  ]);
});

it('a terminal of 256 colours gets the nearest of its cube', () => {
  expect(halfBlocks(picture, 8)).toEqual(['\u001B[38;5;196;48;5;231m▀\u001B[38;5;21;48;5;16m▀\u001B[0m']);
});
