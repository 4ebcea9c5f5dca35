import {createHash} from 'node:crypto';
import {rename} from 'node:fs/promises';
import {join} from 'node:path';
import {parquetWriteBuffer} from 'hyparquet-writer';
import {describe, expect, it} from 'vitest';
import {openLabelled} from '../../../src/data/labels.js';
import {openCaptioned, openImages} from '../../../src/data/open-data.js';
import {exitCodes} from '../../../src/support/errors.js';
import {makeZip} from '../../support/make-zip.js';
import {folderOf, tarOfFiles, temporaryFolder, type Files} from '../../support/files-on-disk.js';

const rows = [
  {file: 'a.jpg', content: 'first', captions: ['a river', 'water']},
  {file: 'b.jpg', content: 'second image', captions: ['a "lake", deep']},
  {file: 'c.png', content: 'third one', captions: ['ein Bach', 'eine Straße', 'x']},
];
const lines = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');
const images = (folder = ''): Files =>
  Object.fromEntries(rows.map(({file, content}) => [folder + file, content]));
const texts = (folder = ''): Files =>
  Object.fromEntries(
    rows.map(({file, captions}) => [`${folder}${file.slice(0, 1)}.txt`, captions.join('\n')]),
  );
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const each = <T>(line: (file: string, caption: string) => T): T[] =>
  rows.flatMap(({file, captions}) => captions.map((caption) => line(file, caption)));

const karpathy = {
  images: rows.map(({file, captions}) => ({
    filename: file,
    split: 'train',
    sentences: captions.map((raw) => ({raw, tokens: raw.split(' ')})),
  })),
};
const coco = {
  info: {},
  images: rows.map(({file}, i) => ({id: 10 + i, file_name: file})),
  annotations: rows.flatMap(({captions}, i) => captions.map((caption) => ({image_id: 10 + i, caption}))),
};

function parquetFile(): Buffer {
  const struct = {name: 'image', num_children: 2, repetition_type: 'OPTIONAL' as const};
  const content = parquetWriteBuffer({
    schema: [
      {name: 'root', num_children: 2},
      struct,
      {name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL'},
      {name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL'},
      {name: 'captions', type: 'BYTE_ARRAY', converted_type: 'JSON', repetition_type: 'REQUIRED'},
    ],
    columnData: [
      {name: 'image', data: rows.map(({file, content: c}) => ({bytes: Buffer.from(c), path: file}))},
      {name: 'captions', data: rows.map(({captions}) => captions)},
    ],
  });
  return Buffer.from(content);
}

/** The same set in every format for captions. */
const formats: Readonly<Record<string, () => Promise<string>>> = {
  'image-text pairs': () => folderOf({...images(), ...texts()}),
  'image-text pairs in images/': () => folderOf({...images('images/'), ...texts('images/')}),
  'image-JSON pairs': () =>
    folderOf({
      ...images(),
      ...Object.fromEntries(
        rows.map(({file, captions}) => [`${file.slice(0, 1)}.json`, JSON.stringify({captions, width: 3})]),
      ),
    }),
  'imagefolder, metadata.jsonl': () =>
    folderOf({
      ...images(),
      'metadata.jsonl': lines(rows.map(({file, captions}) => ({file_name: file, captions}))),
    }),
  'imagefolder, metadata.csv, one for each split': () =>
    folderOf({
      ...images('train/'),
      'train/metadata.csv': ['file_name,text', ...each((file, text) => `${file},${quoted(text)}`)].join('\n'),
      'test/d.jpg': 'x',
      'test/metadata.csv': 'file_name,text\nd.jpg,other',
    }),
  'open_clip table': () =>
    folderOf({
      ...images(),
      'captions.csv': ['filepath\ttitle', ...each((file, text) => `${file}\t${quoted(text)}`)].join('\n'),
    }),
  'table with columns that the user names': async () =>
    `${join(
      await folderOf({
        ...images(),
        'mine.csv': ['Photo,Alt', ...each((file, text) => `${file},${quoted(text)}`)].join('\n'),
      }),
      'mine.csv',
    )}?img-key=photo&caption-key=alt`,
  'Karpathy JSON': () => folderOf({...images('images/'), 'dataset.json': JSON.stringify(karpathy)}),
  'RSICD as it comes': () =>
    folderOf({...images('RSICD_images/'), 'dataset_rsicd.json': JSON.stringify(karpathy)}),
  'COCO captions': () =>
    folderOf({
      ...images('train2017/'),
      'annotations/captions_train2017.json': JSON.stringify(coco),
      'annotations/captions_val2017.json': JSON.stringify({
        images: [{id: 1, file_name: 'v.jpg'}],
        annotations: [],
      }),
      'val2017/v.jpg': 'x',
    }),
  'COCO captions named directly': async () =>
    join(
      await folderOf({...images('train2017/'), 'annotations/captions_train2017.json': JSON.stringify(coco)}),
      'annotations/captions_train2017.json',
    ),
  'list of objects': async () =>
    join(
      await folderOf({
        ...images(),
        'ann.json': JSON.stringify(rows.map(({file, captions}) => ({image: file, caption: captions}))),
      }),
      'ann.json',
    ),
  'captions by image': () =>
    folderOf({
      ...images(),
      'captions.json': JSON.stringify(Object.fromEntries(rows.map(({file, captions}) => [file, captions]))),
    }),
  parquet: async () => join(await folderOf({'x.parquet': parquetFile()}), 'x.parquet'),
  'one tar of pairs': () => tarOfFiles({...images(), ...texts()}),
  'zip of pairs': async () => {
    const path = join(await temporaryFolder(), 'set.zip');
    await makeZip(
      path,
      Object.entries({...images('top/'), ...texts('top/')}).map(([name, data]) => ({name, data})),
    );
    return path;
  },
};

/** What is said of it in docs/data.md: a line of JSON for each image, with the digest of its bytes and the captions. */
function expectedFingerprint(): string {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return sha256(
    rows.map(({content, captions}) => `${JSON.stringify([sha256(content), captions])}\n`).join(''),
  );
}

describe('a captioned set', () => {
  it.each(Object.keys(formats))('reads the same from %s', async (format) => {
    const set = await openCaptioned(await formats[format]!());
    expect(set.rows.map(({captions}) => captions)).toEqual(rows.map(({captions}) => captions));
    expect((await Promise.all(set.rows.map(({image}) => image.read()))).map(String)).toEqual(
      rows.map(({content}) => content),
    );
    expect(set.rows.map(({image}) => image.id.replace(/^.*\//, ''))).toEqual(rows.map(({file}) => file));
    expect(set.fingerprint).toBe(expectedFingerprint());
    expect(set.skipped).toEqual({});
  });

  it('keeps the caption of a WebDataset sample apart from what its JSON says', async () => {
    const set = await openLabelled(
      await tarOfFiles({
        '0001.jpg': 'a',
        '0001.txt': 'from the text\n',
        '0001.json': '{"caption": "from the JSON", "sha256": "0"}',
        '0001.cls': '7\n',
      }),
    );
    expect(set.rows.map(({captions, label}) => [captions, label])).toEqual([[['from the text'], '7']]);
  });
});

describe('shards', () => {
  const shards = async () => {
    const folder = await temporaryFolder();
    for (const [i, row] of rows.entries()) {
      const path = await tarOfFiles({
        [row.file]: row.content,
        [`${row.file.slice(0, 1)}.txt`]: row.captions.join('\n'),
      });
      await rename(path, join(folder, `0000${i}.tar`));
    }
    return folder;
  };

  it('are named by braces, by ::, by a pattern or by their folder', async () => {
    const folder = await shards();
    for (const path of [
      `${folder}/{00000..00002}.tar`,
      `${folder}/{00000,00001}.tar::${folder}/00002.tar`,
      `${folder}/*.tar`,
      `${folder}/*0.tar::${folder}/*{1,2}.tar`,
      folder,
    ]) {
      const set = await openCaptioned(path);
      expect(set.rows.map(({image, captions}) => [image.id, captions])).toEqual(
        rows.map(({file, captions}, i) => [`0000${i}/${file}`, captions]),
      );
      expect((await openImages(path)).rows.map(({image}) => image.bytes)).toEqual(
        rows.map(({content}) => content.length),
      );
    }
  });

  it('may have the same names inside', async () => {
    const [first, second] = [await tarOfFiles({'a.jpg': 'one'}), await tarOfFiles({'a.jpg': 'other'})];
    const {rows: found} = await openImages(`${first}::${second}`);
    expect(found.map(({image}) => [image.id, image.bytes])).toEqual([
      ['set/a.jpg', 3],
      ['set-2/a.jpg', 5],
    ]);
  });

  it('that are missing are named', async () => {
    const folder = await shards();
    const path = `${folder}/{00000..00012}.tar`;
    await expect(openCaptioned(path)).rejects.toMatchObject({
      message:
        `${path}: expected all of 13 files, got none for ${folder}/00003.tar, ${folder}/00004.tar, ${folder}/00005.tar, ` +
        '... (10 in all)',
      tryThis: 'check the range in the braces, or fetch what is missing',
      exit: exitCodes.data,
    });
  });
});

describe('images alone', () => {
  const ids = async (path: string) => (await openImages(path)).rows.map(({image}) => image.id);

  it('come from a list of paths, relative to it or absolute', async () => {
    const folder = await folderOf({'x/a.jpg': '1', 'b.jpg': '2'});
    const lists = await folderOf({'pool.txt': `\ufeff${folder}/x/a.jpg\r\n\n${folder}/b.jpg\n`});
    expect(await ids(join(lists, 'pool.txt'))).toEqual([`${folder}/x/a.jpg`, `${folder}/b.jpg`]);
    const beside = await folderOf({'x/a.jpg': '1', 'b.jpg': '2', 'pool.lst': 'b.jpg\nx/a.jpg\nb.jpg'});
    expect(await ids(join(beside, 'pool.lst'))).toEqual(['b.jpg', 'x/a.jpg']);
  });

  it('come from a pattern', async () => {
    const folder = await folderOf({'x/a.jpg': '1', 'x/y/b.png': '2', 'x/n.txt': '3', 'z/c.jpg': '4'});
    expect(await ids(`${folder}/x/**/*.{jpg,png}`)).toEqual(['a.jpg', 'y/b.png']);
    expect(await ids(`${folder}/*/*.jpg`)).toEqual(['x/a.jpg', 'z/c.jpg']);
    await expect(openImages(`${folder}/q/*.jpg`)).rejects.toThrow(
      `${folder}/q: expected a readable folder, got Error: ENOENT`,
    );
    await expect(openImages(`${folder}/*.gif`)).rejects.toThrow(
      `${folder}/*.gif: expected files that fit the pattern, got none below ${folder}`,
    );
  });

  it('never lie outside the set, unless the user names the list', async () => {
    const outside = await folderOf({'a.jpg': '1'});
    const named = await folderOf({'captions.csv': `file,caption\n${outside}/a.jpg,x`});
    await expect(openImages(named)).rejects.toThrow('expected a path inside the set');
    expect((await openImages(join(named, 'captions.csv'))).rows).toHaveLength(1);
    const packed = await tarOfFiles({'captions.csv': `file,caption\n${outside}/a.jpg,x`});
    await expect(openImages(packed)).rejects.toThrow('expected a path inside the set');
  });

  it('are at least one', async () => {
    const folder = await folderOf({'pool.txt': '\n'});
    await expect(openImages(join(folder, 'pool.txt'))).rejects.toThrow('pool.txt: expected images, got none');
  });
});

describe('classes', () => {
  const labels = async (files: Files) => {
    const {rows: found} = await openLabelled(await folderOf(files));
    return found.map(({label}) => label);
  };
  const table = 'file,label\na.jpg,1\nb.jpg,0\nc.png,1';

  it('are named by classes.txt and classes.yaml, by number or by label', async () => {
    const numbered = ['cat', 'dog', 'cat'].map((name) => (name === 'cat' ? 'a dog' : 'a cat'));
    expect(await labels({...images(), 'captions.csv': table, 'classes.txt': 'a cat\na dog\n'})).toEqual(
      numbered,
    );
    expect(await labels({...images(), 'captions.csv': table, 'classes.yaml': '- a cat\n- a dog\n'})).toEqual(
      numbered,
    );
    expect(
      await labels({...images(), 'captions.csv': table, 'classes.yaml': '0: a cat\n1: a dog\n'}),
    ).toEqual(numbered);
    const tree = {'n01/a.jpg': '1', 'n02/b.jpg': '2', 'n03/c.jpg': '3'};
    expect(await labels({...tree, 'classes.txt': 'n01\tgold fish\nn02: shark'})).toEqual([
      'gold fish',
      'shark',
      'n03',
    ]);
  });

  it('that have no name in the file are refused, as is a file that is none', async () => {
    const refusal = (files: Files) =>
      labels(files).then(String, (error: Error) => error.message.replace(/^.*\//, ''));
    expect(await refusal({...images(), 'captions.csv': table, 'classes.txt': 'only one'})).toBe(
      'classes.txt: expected a name for class 1, got 1 names (0 to 0)',
    );
    expect(await refusal({...images(), 'captions.csv': table, 'classes.txt': 'a\n\nb'})).toBe(
      'classes.txt: line 2: expected a class, got an empty line',
    );
    expect(await refusal({...images(), 'captions.csv': table, 'classes.txt': '0: a\n0: b'})).toBe(
      'classes.txt: expected each label once, got 0 twice',
    );
    expect(await refusal({...images(), 'captions.csv': table, 'classes.yaml': 'a: [b'})).toMatch(
      /^classes\.yaml: expected YAML, got /,
    );
    expect(await refusal({...images(), 'captions.csv': table, 'classes.yaml': 'a: {b: c}'})).toBe(
      'classes.yaml: expected a list of classes, or a mapping of labels to names, got other content',
    );
  });
});

describe('a JSON document that is no set', () => {
  const refusal = async (name: string, document: unknown) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    const error: unknown = await openCaptioned(join(await folderOf({...images(), [name]: text}), name)).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({exit: exitCodes.data});
    return (error as Error).message.replace(/^.*\//, '');
  };

  it.each([
    ['{"images": [', /^x\.json: expected JSON, got /],
    [{data: [], meta: 1}, /^x\.json: expected \{"images".* got \{"data", "meta"\}$/],
    [
      {images: [{filename: 'a.jpg', sentences: 3}]},
      /^x\.json: images\[0\]: sentences: expected a list, got 3$/,
    ],
    [
      {images: [{filename: 'a.jpg', sentences: [{raw: 'x'}, {raw: 5}]}]},
      /^x\.json: images\[0\]: sentences\[1\]: caption: expected text or a list of texts, got 5$/,
    ],
    [
      {images: [{id: 1, file_name: 'a.jpg'}], annotations: [{image_id: 2, caption: 'x'}]},
      /^x\.json: annotations\[0\]: image_id: expected the id of an image, got 2$/,
    ],
    [{'a.jpg': 3}, /^x\.json: "a\.jpg": caption: expected text or a list of texts, got 3$/],
    [[{caption: 'x'}], /^x\.json: \[0\]: file: expected the image \(.*\), got \["caption"\]$/],
  ])('%j is explained', async (document, message) => {
    expect(await refusal('x.json', document)).toMatch(message);
  });
});
