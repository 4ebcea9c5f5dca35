import {expect, it} from 'vitest';
import {conceptFinder} from '../../../../src/data/corpus/concepts.js';
import type {Icon} from '../../../../src/data/corpus/icon-set.js';
import {emojiTable} from '../../../../src/data/emoji/emoji-table.js';

const icon = (names: readonly string[], codePoints?: string): Icon => ({
  ...{names, codePoints, body: '', left: 0, top: 0, width: 1, height: 1},
});
const table = emojiTable();
const find = conceptFinder(table, [[icon(['pile-of-dung'], '1f4a9')]]);
const keyOf = (names: readonly string[], codePoints?: string) => find(icon(names, codePoints))?.key;

it('an emoji is known by code points, by its name however written, by an alias, or by a keyword of its own', () => {
  expect(keyOf(['whatever'], '1f436')).toBe('1f436');
  expect(keyOf(['aerialtramway'])).toBe('1f6a1');
  expect(keyOf(['unheard-of', 'aerial-tramway'])).toBe('1f6a1');
  expect(keyOf(['aubergine'])).toBe('1f346');
  expect(keyOf(['dog-face-2'])).toBe('1f436');
});

it('a name that another set gives an emoji counts', () => {
  expect(keyOf(['pile-of-dung'])).toBe('1f4a9');
  expect(conceptFinder(table, [])(icon(['pile-of-dung']))?.kind).toBe('name');
});

it('other names are concepts of their own, without what tells of the drawing', () => {
  expect(find(icon(['database-sync-outline']))).toEqual({
    kind: 'name',
    key: 'databasesync',
    name: 'database sync',
  });
});

it('skin-tone variants and names without words are no concepts', () => {
  expect(keyOf(['whatever'], '1f44b-1f3ff')).toBeUndefined();
  expect(keyOf(['waving-hand-medium-skin-tone'])).toBeUndefined();
  expect(keyOf(['x-2'])).toBeUndefined();
});
