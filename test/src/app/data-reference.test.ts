import {expect, it} from 'vitest';
import {dataReference} from '../../../src/app/data-reference.js';

it.each([
  ['ucm.tar#val', undefined, 'ucm.tar', 'val'],
  ['ucm.tar', undefined, 'ucm.tar', undefined],
  ['ucm.tar#val', 'train', 'ucm.tar', 'train'],
  ['ucm.tar', 'train', 'ucm.tar', 'train'],
  ['set #1/photos', undefined, 'set #1/photos', undefined],
  ['domain:toy#test', undefined, 'domain:toy', 'test'],
])('%s with --split %s is %s, split %s', (reference, given, path, split) => {
  expect(dataReference(reference, given)).toEqual({path, split});
});
