import {describe, expect, it} from 'vitest';
import {readSource} from '../../../src/data/read-source.js';
import {exitCodes, type UserError} from '../../../src/support/errors.js';
import {folderOf, type Files} from '../../support/files-on-disk.js';

const read = async (path: string, source: string, split?: string, onMissing?: (message: string) => void) => {
  const {rows} = await readSource(path, {source, split, onMissing});
  return rows.map(({image, captions, split: part, fields}) => [
    image.id,
    captions,
    part,
    fields['class'],
    fields['item'],
  ]);
};
const refusal = async (files: Files, source: string) => {
  const path = await folderOf(files);
  const error = await readSource(path, {source, split: undefined, onMissing: undefined}).then(
    () => undefined,
    (reason: UserError) => reason,
  );
  expect(error).toMatchObject({exit: exitCodes.data});
  return [error!.message.replaceAll(path, 'DIR'), error!.tryThis];
};

const rsicd: Files = {
  'dataset_rsicd.json': JSON.stringify({
    images: [
      {filename: 'airport_1.jpg', split: 'train', sentences: [{raw: 'a plane .'}, {raw: 'two planes .'}]},
      {filename: 'pond_2.jpg', split: 'val', sentences: [{raw: 'water .'}]},
    ],
  }),
  'RSICD_images/airport_1.jpg': '1',
  'RSICD_images/pond_2.jpg': '2',
};
const lists = (train: string, test: string): Files =>
  Object.fromEntries(
    ['dress', 'jacket', 'pants', 'skirt', 'top'].flatMap((category) => [
      [`labels/${category}_train_detect_all.txt`, category === 'dress' ? train : ''],
      [`labels/${category}_test_detect_all.txt`, category === 'top' ? test : ''],
    ]),
  );
const dress = 'women/dresses/casual_and_day_dresses/51727804/51727804_0.jpeg';
const fashion200k: Files = {
  ...lists(`${dress}\t0.87\tblue dress\n`, 'women/tops/t_shirts/7/7_1.jpeg\t0.5\t white shirt \r\n'),
  [dress]: 'a',
  'women/tops/t_shirts/7/7_1.jpeg': 'b',
};
const polyvore: Files = {
  'train_info.json': JSON.stringify([{id: 11, images: '11.jpg', title: 'bag', description: 'of leather'}]),
  'val_info.json': JSON.stringify([{id: '12', images: ['12.jpg'], title: 'shoe', description: ''}]),
  'polyvore_item_metadata.json': JSON.stringify({11: {semantic_category: 'bags'}}),
  'images/11.jpg': 'x',
  'images/12.jpg': 'y',
};
const figure = (caption: string, hasParts: boolean) =>
  JSON.stringify({
    'figure-ID': `${caption}.png`,
    'contains-subfigure': hasParts,
    '0-originally-extracted': caption,
  });
const scicap: Files = {
  'SciCap-Caption-All/Train/a.json': figure('one', false),
  'SciCap-Caption-All/Train/b.json': figure('parts', true),
  'SciCap-Caption-All/Val/c.json': figure('two', false),
  'SciCap-No-Subfig-Img/train/one.png': '1',
  'SciCap-No-Subfig-Img/Val/two.png': '2',
};

describe('a published set as its authors hand it out', () => {
  it('rsicd: captions and splits; classes where the lists are there', async () => {
    expect(await read(await folderOf(rsicd), 'rsicd')).toEqual([
      ['airport_1.jpg', ['a plane .', 'two planes .'], 'train', undefined, undefined],
      ['pond_2.jpg', ['water .'], 'val', undefined, undefined],
    ]);
    const classes = {
      'txtclasses_rsicd/airport.txt': 'airport_1.jpg\n',
      'txtclasses_rsicd/pond.txt': 'Pond_2.jpg\r\n',
    };
    const rows = await read(await folderOf({...rsicd, ...classes}), 'rsicd', 'val');
    expect(rows).toEqual([['pond_2.jpg', ['water .'], 'val', 'pond', undefined]]);
  });

  it('fashion200k: ten lists; the class is the folder, the item keeps views together', async () => {
    expect(await read(await folderOf(fashion200k), 'fashion200k')).toEqual([
      [dress, ['blue dress'], 'train', 'dresses', '51727804'],
      ['women/tops/t_shirts/7/7_1.jpeg', ['white shirt'], 'test', 'tops', '7'],
    ]);
  });

  it('polyvore: title and description', async () => {
    expect(await read(await folderOf(polyvore), 'polyvore')).toEqual([
      ['11.jpg', ['bag.of leather'], 'train', 'bags', '11'],
      ['12.jpg', ['shoe.'], 'val', undefined, '12'],
    ]);
  });

  it('scicap: figures without sub-figures, whatever the folders are called', async () => {
    expect(await read(await folderOf(scicap), 'scicap')).toEqual([
      ['one.png', ['one'], 'train', undefined, undefined],
      ['two.png', ['two'], 'val', undefined, undefined],
    ]);
  });

  const without = (files: Files, ...paths: readonly string[]) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));

  it.each([
    [
      'rsicd',
      without(rsicd, 'dataset_rsicd.json'),
      'DIR/dataset_rsicd.json: expected the captions and splits of 10,921 images, got no such file',
      'it comes from the authors of RSICD: https://github.com/201528014227051/RSICD_optimal',
    ],
    [
      'fashion200k',
      without(fashion200k, 'labels/pants_test_detect_all.txt'),
      'DIR/labels/pants_test_detect_all.txt or DIR/pants_test_detect_all.txt: expected the list of pants images for test, ' +
        'got no such file',
      'it comes from the authors of Fashion200k: https://github.com/xthan/fashion-200k',
    ],
    [
      'polyvore',
      without(polyvore, 'train_info.json'),
      'DIR/train_info.json: expected titles and descriptions for train, got no such file',
      'it comes from the authors of FashionViL (https://github.com/BrandonHanx/mmf): it is no part of the original download',
    ],
    [
      'scicap',
      {'x.json': '{}'},
      'DIR/SciCap-Caption-All: expected <split>/*.json with a caption each, got none',
      'it comes from the authors of SciCap: https://github.com/tingyaohsu/SciCap',
    ],
    [
      'rsicd',
      without(rsicd, 'RSICD_images/pond_2.jpg'),
      'DIR: expected every image of rsicd, got none for pond_2.jpg',
      'they come from the folder RSICD_images/, from the authors of RSICD: https://github.com/201528014227051/RSICD_optimal; ' +
        '--skip-missing leaves them out',
    ],
    [
      'fashion200k',
      {...fashion200k, ...lists('women/x.jpeg\tblue dress', '')},
      'DIR/labels/dress_train_detect_all.txt: line 1: expected image, score and sentence with tabs between, got 2 cells',
      undefined,
    ],
    [
      'polyvore',
      {...polyvore, 'val_info.json': '[{"id": 1}]'},
      'DIR/val_info.json: [0]: images: expected a file name, got undefined',
      undefined,
    ],
    [
      'scicap',
      {...scicap, 'SciCap-Caption-All/Train/a.json': '{"contains-subfigure": false}'},
      'DIR/SciCap-Caption-All/Train/a.json: 0-originally-extracted: expected a caption, got undefined',
      undefined,
    ],
  ])('%s says what is missing or wrong, and where it comes from', async (source, files, message, tryThis) => {
    expect(await refusal(files, source)).toEqual([message, tryThis]);
  });

  it('leaves missing images out where that is asked for, and counts them', async () => {
    const told: string[] = [];
    const path = await folderOf(without(rsicd, 'RSICD_images/pond_2.jpg'));
    const rows = await read(path, 'rsicd', undefined, (message) => told.push(message));
    expect(rows.map(([id]) => id)).toEqual(['airport_1.jpg']);
    expect(told).toEqual([`${path}: expected every image of rsicd, got none for pond_2.jpg: left out`]);
  });

  it('is known by name', async () => {
    await expect(read('x', 'sicap')).rejects.toMatchObject({
      message:
        '--source: expected a known set, got sicap (known: fashion200k, polyvore, rsicd, scicap; did you mean scicap?)',
      exit: exitCodes.usage,
    });
    await expect(read('/no/such', 'scicap')).rejects.toThrow('/no/such: expected the folder of scicap (');
  });
});
