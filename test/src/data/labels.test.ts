import {describe, expect, it} from 'vitest';
import {openLabelled} from '../../../src/data/labels.js';
import {exitCodes} from '../../../src/support/errors.js';
import {folderOf, tarOfFiles} from '../../support/files-on-disk.js';

const lines = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');
const images = {'images/a.jpg': 'a', 'images/b.jpg': 'bb', 'images/c.jpg': 'ccc'};
const read = async (path: string, split?: string) =>
  (await openLabelled(path, {split})).rows.map(({image, label}) => [image.id, label]);

describe('openLabelled', () => {
  it('reads classes from class or label, words or numbers, with captions where there are some', async () => {
    const path = await folderOf({
      ...images,
      'manifest.jsonl': lines([
        {file: 'a.jpg', class: ' lake ', captions: ['water']},
        {file: 'b.jpg', label: 7},
        {file: 'c.jpg', class: null, label: 'river'},
      ]),
    });
    expect((await openLabelled(path)).rows.map(({label, captions}) => [label, captions])).toEqual([
      ['lake', ['water']],
      ['7', []],
      ['river', []],
    ]);
  });

  it('takes test, else val, else everything', async () => {
    const table = (...splits: readonly string[]) =>
      folderOf({
        ...images,
        'captions.csv': [
          'file,class,split',
          ...['a', 'b', 'c'].map((f, i) => `${f}.jpg,x,${splits[i]}`),
        ].join('\n'),
      });
    expect(await read(await table('train', 'test', 'val'))).toEqual([['b.jpg', 'x']]);
    expect(await read(await table('train', 'train', 'validation'))).toEqual([['c.jpg', 'x']]);
    expect(await read(await table('train', 'train', 'train'))).toHaveLength(3);
    expect(await read(await table('train', 'test', 'val'), 'train')).toEqual([['a.jpg', 'x']]);
  });

  it('takes the folders of an image tree as classes, below split folders if there are some', async () => {
    const tree = {'images/cat/1.jpg': 'a', 'images/dog/big/2.jpg': 'b'};
    const expected = [
      ['cat/1.jpg', 'cat'],
      ['dog/big/2.jpg', 'dog'],
    ];
    expect(await read(await folderOf(tree))).toEqual(expected);
    expect(await read(await tarOfFiles(tree, 'pets/'))).toEqual(expected);
    const split = {'train/cat/1.jpg': 'a', 'test/dog/2.jpg': 'b', 'test/3.jpg': 'c'};
    const set = await openLabelled(await folderOf(split));
    expect(set.rows.map(({image, label}) => [image.id, label])).toEqual([['test/dog/2.jpg', 'dog']]);
    expect(set.skipped).toEqual({'no class': 1});
  });

  it('changes the fingerprint with a label', async () => {
    const open = (label: string) => folderOf({...images, 'captions.csv': `file,label\na.jpg,${label}`});
    const [x, y] = [await openLabelled(await open('x')), await openLabelled(await open('y'))];
    expect(x.fingerprint).not.toBe(y.fingerprint);
  });

  it('refuses a set without classes', async () => {
    const path = await folderOf(images);
    await expect(openLabelled(path)).rejects.toMatchObject({
      message: `${path}: expected classes (class or label in a table, or a folder per class), got 3 images without`,
      exit: exitCodes.data,
    });
  });

  it('opens the labelled test data of a domain', async () => {
    const {rows} = await openLabelled('domain:toy');
    expect(rows.every(({label, captions}) => captions.some((caption) => caption.includes(label)))).toBe(true);
    await expect(openLabelled('domain:toy', {split: 'tran'})).rejects.toThrow(
      'domain:toy: expected a known split, got tran (known: train, test, all; did you mean train?)',
    );
  });
});
