import {copyFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {hashedDataSet} from '../../../src/data/data-set.js';
import {openCaptioned, openImages} from '../../../src/data/open-data.js';
import {folderOf, temporaryFolder, tarOfFiles, type Files} from '../../support/files-on-disk.js';

const set: Files = {'a.jpg': 'one', 'a.txt': 'first', 'b.jpg': 'other', 'b.txt': 'second'};
const of = async (path: Promise<string>) => (await openCaptioned(await path)).fingerprint;

describe('the fingerprint of a set', () => {
  it('does not depend on names and containers', async () => {
    const renamed = {
      'x/7.png': 'one',
      'x/7.txt': 'first',
      'x/8.png': 'other',
      'x/8.json': '{"caption": "second"}',
    };
    expect(await of(tarOfFiles(renamed))).toBe(await of(folderOf(set)));
  });

  it('changes with a byte, a caption, an order', async () => {
    const prints = [
      await of(folderOf(set)),
      await of(folderOf({...set, 'b.jpg': 'otheR'})),
      await of(folderOf({...set, 'b.txt': 'second.'})),
      await of(folderOf({'a.jpg': 'other', 'a.txt': 'second', 'b.jpg': 'one', 'b.txt': 'first'})),
    ];
    expect(new Set(prints).size).toBe(4);
  });

  it('is that of the images alone where captions do not count', async () => {
    const bare = {'1.jpg': 'one', '2.jpg': 'other'};
    const [pool, other] = [await openImages(await folderOf(set)), await openImages(await folderOf(bare))];
    expect(pool.fingerprint).toBe(other.fingerprint);
  });

  it('is the same whether the images of a parquet file are read in turn or one by one', async () => {
    const path = join(await temporaryFolder(), 'x.parquet');
    await copyFile(
      fileURLToPath(new URL('../../golden/parquet/hugging-face.parquet', import.meta.url)),
      path,
    );
    const {rows, fingerprint} = await openCaptioned(path);
    const alone = rows.map(({image: {part: _part, ...image}, captions}) => ({image, captions}));
    expect((await hashedDataSet(alone, path)).fingerprint).toBe(fingerprint);
  });

  it('is one of names and lengths where the images are too many to be read', async () => {
    const {rows, fingerprint} = await openCaptioned(await folderOf(set));
    const large = await hashedDataSet(rows, 'x', {}, {bytes: 7, images: 2});
    expect(large.fingerprint).not.toBe(fingerprint);
    const renamed = rows.map(({image, captions}) => ({image: {...image, id: `x/${image.id}`}, captions}));
    expect((await hashedDataSet(renamed, 'x', {}, {bytes: 7, images: 2})).fingerprint).not.toBe(
      large.fingerprint,
    );
    expect((await hashedDataSet(renamed, 'x', {}, {bytes: 8, images: 1})).fingerprint).not.toBe(fingerprint);
    expect((await hashedDataSet(renamed, 'x', {}, {bytes: 8, images: 2})).fingerprint).toBe(fingerprint);
  });
});
