import {expect, it} from 'vitest';
import {textTable} from '../../bench/support/text-table.js';

it('a table is aligned for a terminal and valid Markdown', () => {
  const rows = [
    ['ours', '12.5'],
    ['PyTorch', '7'],
  ];
  expect(textTable(['contender', 'pairs/s'], rows).split('\n')).toEqual([
    '| contender | pairs/s |',
    '| --------- | ------: |',
    '| ours      |    12.5 |',
    '| PyTorch   |       7 |',
    '',
  ]);
});
