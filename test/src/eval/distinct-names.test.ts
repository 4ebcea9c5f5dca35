import {describe, expect, it} from 'vitest';
import {distinctNames} from '../../../src/eval/distinct-names.js';

const set = (name: string, split?: string) => ({name, split});

describe('distinctNames', () => {
  it.each([
    [
      [set('ucm', 'val'), set('rsscn7')],
      ['ucm', 'rsscn7'],
    ],
    [
      [set('ucm', 'val'), set('ucm', 'train')],
      ['ucm-val', 'ucm-train'],
    ],
    [
      [set('ucm', 'val'), set('ucm')],
      ['ucm-val', 'ucm'],
    ],
    [
      [set('a', 'val'), set('a', 'val'), set('a-val-2')],
      ['a-val', 'a-val-2', 'a-val-2-2'],
    ],
    [
      [set('a'), set('a'), set('a')],
      ['a', 'a-2', 'a-3'],
    ],
  ])('%j', (sets, names) => {
    expect(distinctNames(sets)).toEqual(names);
  });
});
