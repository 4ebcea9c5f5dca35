import {symlink, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openCaptioned, openImages} from '../../../src/data/open-data.js';
import {exitCodes} from '../../../src/support/errors.js';
import {folderOf, tarOfFiles, type Files} from '../../support/files-on-disk.js';

/** Contents that no reader decodes, each of its own length. */
const images: Files = {
  'images/b.webp': Buffer.from('second image'),
  'images/a.webp': Buffer.from('image one'),
  'images/deep/c.PNG': Buffer.from('third'),
};

const rows = [
  {file: 'b.webp', captions: ['a river .', 'water, "deep" and\nwide'], class: 'secret', split: 'train'},
  {file: 'a.webp', captions: ['a straße'], class: 'secret', split: 'train'},
  {file: 'deep/c.PNG', captions: ['ein Bach', 'ein Bach'], class: 'secret', split: 'train'},
];

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const table = (delimiter: string, file: string) =>
  [
    `Class${delimiter}${file}${delimiter}caption`,
    ...rows.flatMap((row) => row.captions.map((text) => ['secret', row.file, quoted(text)].join(delimiter))),
  ].join('\r\n');
const lines = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');

const forms: Readonly<Record<string, () => Promise<string>>> = {
  'manifest.jsonl': () => folderOf({...images, 'manifest.jsonl': lines(rows)}),
  'captions.csv': () => folderOf({...images, 'captions.csv': `\ufeff${table(',', 'filename')}`}),
  'captions.tsv': () => folderOf({...images, 'captions.tsv': table('\t', 'image')}),
  'captions.csv with lists': async () => {
    const cells = rows.map((row) => [quoted(JSON.stringify(row.captions)), row.file].join(','));
    return folderOf({...images, 'captions.csv': ['captions,path', ...cells].join('\n')});
  },
  'captions.jsonl with numbered captions': () => {
    const numbered = rows.map(({file, captions}) => ({
      file_name: `images/${file}`,
      ...Object.fromEntries(captions.map((text, i) => [`caption_${i + 1}`, text])),
    }));
    return folderOf({...images, 'captions.jsonl': lines(numbered)});
  },
  'images beside the table': () =>
    folderOf({
      ...Object.fromEntries(Object.entries(images).map(([path, content]) => [path.slice(7), content])),
      'captions.jsonl': lines(rows.map(({file, captions}) => ({path: file.replace('/', '\\'), captions}))),
    }),
  'a table named directly': async () =>
    join(await folderOf({...images, 'mine.csv': table(',', 'file'), 'captions.csv': 'x'}), 'mine.csv'),
  'tar with one top folder': () => tarOfFiles({...images, 'manifest.jsonl': lines(rows)}, 'set/'),
  'tar without top folder': () => tarOfFiles({...images, 'captions.csv': table(',', 'image')}),
  'tar of the current folder': () => tarOfFiles({...images, 'manifest.jsonl': lines(rows)}, './'),
};

describe('openCaptioned', () => {
  it.each(Object.keys(forms))('reads the same set from %s', async (form) => {
    const path = await forms[form]!();
    const set = await openCaptioned(path);
    expect(set.rows.map(({image, captions}) => [image.id, image.bytes, captions])).toEqual([
      ['b.webp', 12, ['a river .', 'water, "deep" and\nwide']],
      ['a.webp', 9, ['a straße']],
      ['deep/c.PNG', 5, ['ein Bach', 'ein Bach']],
    ]);
    const reference = await openCaptioned(await forms['manifest.jsonl']!());
    expect(set.fingerprint).toBe(reference.fingerprint);
    expect(set.origin).toBe(path);
    expect(set.skipped).toEqual({});
    const contents = await Promise.all(set.rows.map(({image}) => image.read()));
    expect(contents.map(String)).toEqual(['second image', 'image one', 'third']);
  });

  it.each(Object.keys(forms))('never shows the classes of %s', async (form) => {
    const path = await forms[form]!();
    for (const set of [await openCaptioned(path), await openImages(path)]) {
      const seen = set.rows.map((row) => [...Object.keys(row), ...Object.keys(row.image)]);
      expect(new Set(seen.flat())).toEqual(
        new Set([
          ...('captions' in set.rows[0]! ? ['captions'] : []),
          'image',
          'id',
          'place',
          'bytes',
          'read',
          'part',
        ]),
      );
      expect(JSON.stringify(set)).not.toContain('secret');
    }
  });

  it('changes the fingerprint with a caption, an order, a length', async () => {
    const open = async (files: Files) => (await openCaptioned(await folderOf(files))).fingerprint;
    const other = [{...rows[0], captions: ['a river']}, ...rows.slice(1)];
    const prints = [
      await open({...images, 'manifest.jsonl': lines(rows)}),
      await open({...images, 'manifest.jsonl': lines(other)}),
      await open({...images, 'manifest.jsonl': lines([...rows].reverse())}),
      await open({...images, 'images/a.webp': 'longer than before', 'manifest.jsonl': lines(rows)}),
    ];
    expect(new Set(prints).size).toBe(4);
  });

  it('drops blank captions, leaves out images without one and counts them', async () => {
    const list = [
      {file: 'a.webp', captions: ['', '  ', 'kept']},
      {file: 'b.webp', captions: [' \n']},
      {file: 'deep/c.PNG', caption: null},
    ];
    const set = await openCaptioned(await folderOf({...images, 'manifest.jsonl': lines(list)}));
    expect(set.rows.map(({captions}) => captions)).toEqual([['kept']]);
    expect(set.skipped).toEqual({'no caption': 2});
  });

  it('refuses a set without any caption', async () => {
    const path = await folderOf({...images, 'manifest.jsonl': lines([{file: 'a.webp'}, {file: 'b.webp'}])});
    await expect(openCaptioned(path)).rejects.toMatchObject({
      message: `${path}: expected captions (captions, caption, text in a table), got 2 images without`,
      exit: exitCodes.data,
    });
  });
});

describe('splits', () => {
  const split = (...names: readonly (string | undefined)[]) =>
    folderOf({
      ...images,
      'manifest.jsonl': lines(
        ['a.webp', 'b.webp', 'deep/c.PNG'].map((file, i) => ({file, caption: 'x', split: names[i]})),
      ),
    });
  const ids = ({rows: list}: {readonly rows: readonly {readonly image: {readonly id: string}}[]}) =>
    list.map(({image}) => image.id);

  it('takes train for training, test or val for evaluation, everything for a pool', async () => {
    const path = await split('train', 'Validation', 'test');
    expect(ids(await openCaptioned(path))).toEqual(['a.webp']);
    expect(ids(await openCaptioned(path, {purpose: 'evaluation'}))).toEqual(['deep/c.PNG']);
    expect(ids(await openImages(path))).toEqual(['a.webp', 'b.webp', 'deep/c.PNG']);
    expect(
      ids(await openCaptioned(await split('constructor', 'x', 'x'), {split: 'constructor'})),
    ).toHaveLength(1);
    const held = await split('train', 'valid', undefined);
    expect(ids(await openCaptioned(held, {purpose: 'evaluation'}))).toEqual(['b.webp']);
  });

  it('takes the split that is named, under any of its names', async () => {
    const path = await split('train', 'Validation', 'test');
    for (const name of ['val', 'valid', 'validation']) {
      expect(ids(await openCaptioned(path, {split: name}))).toEqual(['b.webp']);
      expect(ids(await openImages(path, {split: name}))).toEqual(['b.webp']);
    }
    expect(ids(await openCaptioned(path, {split: 'all'}))).toHaveLength(3);
  });

  it('takes everything when no row has a split that it knows', async () => {
    expect(ids(await openCaptioned(await split('fold1', 'fold2', 'fold1')))).toHaveLength(3);
    expect(ids(await openCaptioned(await split('fold1', 'fold2', 'fold1'), {split: 'fold1'}))).toHaveLength(
      2,
    );
  });

  it('names the known splits when the one asked for is unknown', async () => {
    const path = await split('train', 'val', 'val');
    await expect(openCaptioned(path, {split: 'tran'})).rejects.toMatchObject({
      message: `${path}: expected a known split, got tran (known: train, val, all; did you mean train?)`,
      exit: exitCodes.usage,
    });
    const without = await split();
    await expect(openImages(without, {split: 'train'})).rejects.toThrow(
      `${without}: expected no split, got train (the set has none)`,
    );
  });

  it('refuses an image that is in two splits', async () => {
    const list = [
      {file: 'a.webp', caption: 'x', split: 'train'},
      {file: 'a.webp', caption: 'y', split: 'test'},
    ];
    const path = await folderOf({...images, 'manifest.jsonl': lines(list)});
    await expect(openCaptioned(path)).rejects.toThrow(
      `${path}: a.webp: expected one split an image, got train and test`,
    );
  });

  it('reads splits from the folders of an image tree when all of them are splits', async () => {
    const tree = {'train/cat/1.jpg': 'a', 'train/dog/2.jpg': 'b', 'val/cat/3.jpg': 'c'};
    expect(ids(await openImages(await folderOf(tree), {split: 'val'}))).toEqual(['val/cat/3.jpg']);
    const mixed = await folderOf({...tree, 'other/4.jpg': 'd'});
    await expect(openImages(mixed, {split: 'val'})).rejects.toThrow('expected no split, got val');
    const onlyTrain = await tarOfFiles({'train/cat/1.jpg': 'a', 'train/dog/2.jpg': 'b'});
    expect(ids(await openImages(onlyTrain, {split: 'train'}))).toHaveLength(2);
  });
});

describe('openImages', () => {
  it('lists an image tree in code-point order, whatever the case, and counts other files', async () => {
    const path = await folderOf({
      'b/2.JPG': '1',
      'B/1.jpeg': '1',
      'images/z.png': '1',
      'é.gif': '1',
      'notes.txt': '1',
      '😀.avif': '1',
      '\uff21.tiff': '1',
    });
    const set = await openImages(path);
    expect(set.rows.map(({image}) => image.id)).toEqual([
      'B/1.jpeg',
      'b/2.JPG',
      'z.png',
      'é.gif',
      '\uff21.tiff',
      '😀.avif',
    ]);
    expect(set.skipped).toEqual({'not an image': 1});
  });

  it('reads an image tree and its archive as the same set', async () => {
    const tree = {'x/1.jpg': 'one', 'x/2.jpg': 'three', 'y/1.jpg': 'seventh'};
    const folder = await openImages(await folderOf(tree));
    const archive = await openImages(await tarOfFiles(tree, 'pets/'));
    expect(archive.fingerprint).toBe(folder.fingerprint);
    expect(archive.rows[1]!.image.place).toMatch(/set\.tar: pets\/x\/2\.jpg$/);
    expect(folder.rows[1]!.image.place).toMatch(/\/x\/2\.jpg$/);
  });

  it('ignores what operating systems leave behind', async () => {
    const clutter = {
      '.DS_Store': 'x',
      '.git/a.jpg': 'x',
      '__MACOSX/._a.jpg': 'x',
      'cats/Thumbs.db': 'x',
      'cats/._a.jpg': 'x',
      'cats/a.jpg': 'real',
    };
    for (const path of [await folderOf(clutter), await tarOfFiles(clutter)]) {
      const set = await openImages(path);
      expect(set.rows.map(({image}) => image.bytes)).toEqual([4]);
      expect(set.skipped).toEqual({});
    }
  });

  it('follows links to folders once, even in a circle', async () => {
    const path = await folderOf({'a/1.jpg': 'one', 'b/2.jpg': 'two'});
    await symlink(path, join(path, 'a/circle'));
    await symlink(join(await folderOf({'3.jpg': 'three'}), '3.jpg'), join(path, 'linked.jpg'));
    await symlink('nowhere', join(path, 'dangling.jpg'));
    const set = await openImages(path);
    expect(set.rows.map(({image}) => image.id)).toEqual(['a/1.jpg', 'b/2.jpg', 'linked.jpg']);
  });

  it('takes one image file as a set of one, without the table beside it', async () => {
    const folder = await folderOf({'a.jpg': 'one', 'b.jpg': 'two', 'captions.csv': 'file,caption\nb.jpg,b'});
    const set = await openImages(join(folder, 'a.jpg'));
    expect(set.rows.map(({image}) => image.id)).toEqual(['a.jpg']);
  });

  it('says which image has gone when it is read too late', async () => {
    const folder = await folderOf({'a.jpg': 'one'});
    const {rows: list} = await openImages(folder);
    await unlink(join(folder, 'a.jpg'));
    await expect(list[0]!.image.read()).rejects.toMatchObject({
      message: expect.stringMatching(/a\.jpg: expected a readable file, got Error: ENOENT/) as string,
      exit: exitCodes.data,
    });
  });

  it('opens the data of a domain', async () => {
    const pool = await openImages('domain:toy');
    const captioned = await openCaptioned('domain:toy');
    const held = await openCaptioned('domain:toy', {purpose: 'evaluation'});
    expect([pool, captioned, held].map(({origin}) => origin)).toEqual(Array(3).fill('domain:toy'));
    expect(new Set([pool, captioned, held].map(({fingerprint}) => fingerprint)).size).toBe(3);
    expect(Object.keys(held.rows[0]!)).toEqual(['image', 'captions']);
    expect((await openImages('domain:toy', {split: 'test'})).rows).toHaveLength(held.rows.length);
    await expect(openImages('domain:remote-sensing')).rejects.toThrow(
      'domain remote-sensing: expected data of its own, got none',
    );
  });
});
