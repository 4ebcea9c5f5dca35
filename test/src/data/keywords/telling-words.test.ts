import {expect, it} from 'vitest';
import {tellingWords} from '../../../../src/data/keywords/telling-words.js';

it('are the stems of the words of all texts, without words of grammar', () => {
  const words = tellingWords();
  expect([...words(['There are two red Boats, near the pier.', 'a boat'])].sort()).toEqual([
    'boat',
    'pier',
    'red',
  ]);
  expect([...words(['the of and'])]).toEqual([]);
  expect([...words([])]).toEqual([]);
});
