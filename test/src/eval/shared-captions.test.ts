import {expect, it} from 'vitest';
import {sharedCaptionShare} from '../../../src/eval/shared-captions.js';

it('is the share of images with a caption that another image has', () => {
  expect(sharedCaptionShare([['a'], ['b', 'c'], ['c', 'd'], ['e']])).toBe(0.5);
  expect(sharedCaptionShare([['a'], ['a'], ['a']])).toBe(1);
  // twice at one image is not shared
  expect(sharedCaptionShare([['a', 'a'], ['b']])).toBe(0);
  expect(sharedCaptionShare([])).toBe(0);
});
