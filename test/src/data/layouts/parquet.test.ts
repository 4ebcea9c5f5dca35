import {copyFile, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {openCaptioned, openImages} from '../../../../src/data/open-data.js';
import {openLabelled} from '../../../../src/data/labels.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {folderOf, tarOfFiles, temporaryFolder} from '../../../support/files-on-disk.js';

/** Written by pyarrow: test/golden/parquet.py. */
const golden = (name: string) =>
  fileURLToPath(new URL(`../../../golden/parquet/${name}.parquet`, import.meta.url));
const image = (i: number) => `image ${i};`.repeat((i % 7) + 1);
const numbers = Array.from({length: 40}, (_, i) => i);
const contents = async (rows: readonly {readonly image: {read(): Promise<Buffer>}}[]) =>
  (await Promise.all(rows.map((row) => row.image.read()))).map(String);

describe('a parquet file', () => {
  it('gives images and lists of captions as Hugging Face writes them: dictionary pages, then plain ones', async () => {
    const set = await openCaptioned(golden('hugging-face'));
    expect(set.rows.map(({image: {id}}) => id)).toEqual(
      numbers.map((i) => `${String(i).padStart(3, '0')}.jpg`),
    );
    expect(set.rows.map(({captions}) => captions)).toEqual(
      numbers.map((i) => Array.from({length: (i % 3) + 1}, (_, k) => `caption ${i} ${k}`)),
    );
    const expected = numbers.map((i) => image(i % 37));
    expect(await contents(set.rows)).toEqual(expected);
    expect(set.rows.map((row) => row.image.bytes)).toEqual(expected.map(({length}) => length));
  });

  it('names labels as its footer says', async () => {
    const {rows} = await openLabelled(golden('hugging-face'));
    expect(rows.map(({label}) => label)).toEqual(numbers.map((i) => (i % 2 === 0 ? 'cat' : 'dog')));
  });

  it('gives bytes alone as img2dataset writes them: zstd, pages of version 2', async () => {
    const set = await openCaptioned(golden('img2dataset'));
    expect(set.rows.map(({image: {id}}) => id)).toEqual(numbers.map((i) => String(i).padStart(9, '0')));
    expect(set.rows.map(({captions}) => captions)).toEqual(numbers.map((i) => [`caption ${i}`]));
    expect(await contents(set.rows)).toEqual(numbers.map(image));
    expect(await contents((await openImages(golden('img2dataset'))).rows)).toEqual(numbers.map(image));
  });

  it('may hold paths: metadata.parquet beside the images', async () => {
    const folder = await folderOf({'000.jpg': 'a', '001.jpg': 'bb', '002.jpg': 'ccc'});
    await copyFile(golden('paths'), join(folder, 'metadata.parquet'));
    const set = await openCaptioned(folder);
    expect(set.rows.map((row) => [row.image.id, row.image.bytes, row.captions])).toEqual([
      ['000.jpg', 1, ['one']],
      ['001.jpg', 2, ['two']],
      ['002.jpg', 3, ['three']],
    ]);
  });

  it('may lie in an archive as it is', async () => {
    const path = await tarOfFiles({'metadata.parquet': await readFile(golden('hugging-face'))});
    const set = await openCaptioned(path);
    expect(await contents(set.rows)).toEqual(numbers.map((i) => image(i % 37)));
  });

  it('may be a folder of shards, with splits in their names', async () => {
    const folder = await temporaryFolder();
    await copyFile(golden('img2dataset'), join(folder, 'train-00000-of-00002.parquet'));
    await copyFile(golden('img2dataset'), join(folder, 'train-00001-of-00002.parquet'));
    await copyFile(golden('hugging-face'), join(folder, 'test-00000-of-00001.parquet'));
    const [train, test] = [await openCaptioned(folder), await openCaptioned(folder, {purpose: 'evaluation'})];
    expect([train.rows.length, test.rows.length]).toEqual([80, 40]);
    expect(train.rows[40]!.image.id).toBe('train-00001-of-00002/000000000');
    expect(await contents(train.rows)).toEqual([...numbers, ...numbers].map(image));
  });

  it('says what is wrong with it, and where', async () => {
    const refusal = async (path: string) => {
      const error: unknown = await openCaptioned(path).catch((reason: unknown) => reason);
      expect(error).toMatchObject({exit: exitCodes.data});
      return (error as Error).message.replaceAll(path.replace(/\?.*/, ''), 'PATH');
    };
    const cut = async (name: string, change: (content: Buffer) => Buffer) => {
      const path = join(await temporaryFolder(), 'x.parquet');
      await writeFile(path, change(await readFile(golden(name))));
      return path;
    };
    expect(await refusal(golden('missing-image'))).toBe(
      'PATH: row 2: expected an image in image.bytes, got none',
    );
    expect(await refusal(golden('no-image'))).toBe(
      'PATH: expected a column of images ({bytes, path} or bytes) or of their paths (file, filename, file_name, image, ' +
        'path, filepath), got url, caption',
    );
    expect(await refusal(`${golden('paths')}?caption-key=txt`)).toBe(
      'PATH: --caption-key: expected a column of the table, got txt (it has file_name, text)',
    );
    await expect(openCaptioned(`${golden('paths')}?caption-key=txt`)).rejects.toMatchObject({
      tryThis: '--caption-key text',
    });
    expect(await refusal(await cut('paths', (content) => content.subarray(0, 100)))).toMatch(
      /^PATH: expected a whole parquet file, got /,
    );
    expect(await refusal(await cut('paths', () => Buffer.from('no parquet at all')))).toMatch(
      /^PATH: expected a whole parquet file, got /,
    );
    expect(await refusal(await cut('img2dataset', (content) => content.fill(0xff, 20, 400)))).toMatch(
      /^PATH: expected /,
    );
  });

  it('ends with an error or a set, never otherwise, when it is damaged', async () => {
    const whole = await readFile(golden('hugging-face'));
    const path = join(await temporaryFolder(), 'x.parquet');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = Buffer.from(whole);
        damaged[at] = byte;
        await writeFile(path, damaged);
        const outcome: unknown = await openCaptioned(path).catch((error: Error) => error.name);
        if (outcome !== 'UserError') expect(outcome).toHaveProperty('rows');
      }),
      // one corpus for all: the library takes the length of a run as it is written, up to minutes and gigabytes
      {numRuns: 120, seed: 1},
    );
  });

  it('says that it has changed when an image is read too late', async () => {
    const path = join(await temporaryFolder(), 'x.parquet');
    await copyFile(golden('img2dataset'), path);
    const {rows} = await openImages(path);
    await writeFile(path, 'gone');
    await expect(rows[7]!.image.read()).rejects.toThrow(
      new RegExp(`^${path}: expected \\d+ bytes at \\d+, got 0: has it`),
    );
  });
});
