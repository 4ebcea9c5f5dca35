import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {dataNotices} from '../../../src/app/data-notices.js';
import {checkEvaluation} from '../../../src/app/evaluate.js';
import {openTrainingData} from '../../../src/app/training/training-data.js';
import {equalImages} from '../../../src/data/check/equal-images.js';
import {openImages} from '../../../src/data/open-data.js';
import {folderOf, tarOfFiles, type Files} from '../../support/files-on-disk.js';

const captioned = (captions: readonly string[]): Files => ({
  ...Object.fromEntries(captions.map((_, i) => [`${i}.jpg`, `image ${i}`])),
  ...Object.fromEntries(captions.map((text, i) => [`${i}.txt`, text])),
});

async function notices(pairs: Files, pool: Files, tests: readonly Files[]): Promise<string[]> {
  const [captions, unpaired] = [await folderOf(pairs), await tarOfFiles(pool)];
  const data = await openTrainingData({
    ...{captioned: captions, split: undefined, labelRatio: undefined, seed: 0},
    unpaired: {path: unpaired, split: undefined},
  });
  const opened = await Promise.all(
    tests.map(async (files, i) => {
      const path = await folderOf(files);
      const {images} = await checkEvaluation({data: path, split: undefined, domain: undefined});
      return {path, name: `test ${i}`, images};
    }),
  );
  const told = await dataNotices(data, opened);
  const places = [
    [captions, 'pairs'],
    [unpaired, 'pool'],
    ...opened.map(({path, name}) => [path, name]),
  ] as const;
  return told.map((text) => places.reduce((rest, [path, name]) => rest.replaceAll(path, name), text));
}

describe('dataNotices', () => {
  it('says nothing of sets that are as they should be', async () => {
    const test = {'a/x.jpg': 'imagE 0', 'b/y.jpg': 'another'};
    expect(await notices(captioned(['one', 'two', 'three', 'four']), {'p.jpg': 'pool 0'}, [test])).toEqual(
      [],
    );
  });

  it('tells what is left out, one caption for all, and test images that are learnt from', async () => {
    const pairs = {...captioned(['the same', 'the same', 'the same', 'other', '']), 'notes.md': 'x'};
    const test = {'a/x.jpg': 'image 1', 'a/z.jpg': 'pool 1', 'b/y.jpg': 'image 3', 'b/w.jpg': 'imagE 3'};
    expect(
      await notices(pairs, {'p.jpg': 'pool 1', 'read.me': 'x'}, [{'a/q.jpg': 'q', 'b/r.jpg': 'r'}, test]),
    ).toEqual([
      'pairs: 1 left out (not an image)',
      'pairs: 1 left out (no caption)',
      'pool: 1 left out (not an image)',
      'pairs: "the same" is a caption of 3 of 4 images: captions that tell images apart teach more',
      'test 1: 2 of 4 test images are also learnt from, which flatters the figures (test 1/a/x.jpg is pairs/1.jpg)',
      'test 1: 1 of 4 test images are also learnt from, which flatters the figures (test 1/a/z.jpg is pool: p.jpg)',
    ]);
  });

  it('gives up where it would take long to know', async () => {
    const folder = await folderOf({'a.jpg': 'image 1', 'b.jpg': 'image 2'});
    const {rows} = await openImages(folder);
    const images = rows.map(({image}) => image);
    const most = {rows: 4, reads: 2, bytes: 14};
    expect((await equalImages(rows, images, most))?.first.learnt).toBe(join(folder, 'a.jpg'));
    for (const less of [{rows: 3}, {reads: 1}, {bytes: 13}]) {
      expect(await equalImages(rows, images, {...most, ...less})).toBe(null);
    }
  });
});
