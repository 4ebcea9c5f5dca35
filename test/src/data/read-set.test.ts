import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openCaptioned, openImages} from '../../../src/data/open-data.js';
import {exitCodes} from '../../../src/support/errors.js';
import {folderOf, tarOf, tarOfFiles, type Files} from '../../support/files-on-disk.js';

const images: Files = {'images/a.webp': 'image one', 'images/b.webp': 'second image'};
const lines = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('a set that cannot be read', () => {
  const refusal = async (path: string, open: (path: string) => Promise<unknown> = openImages) => {
    const error: unknown = await open(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({exit: exitCodes.data});
    return (error as Error).message.replaceAll(path, 'PATH');
  };
  const withTable = (name: string, content: string | Buffer) => folderOf({...images, [name]: content});

  it('says what a path may be', async () => {
    const accepted =
      'PATH: expected a folder, or an image, or a table (.csv, .tsv, .jsonl, .json, .parquet, .txt, .lst), ' +
      'or a .tar archive, or a .zip archive, got';
    expect(await refusal('/no/such/place')).toBe(`${accepted} no such file or folder`);
    expect(await refusal(join(await folderOf({'a.pdf': 'x'}), 'a.pdf'))).toBe(`${accepted} another file`);
  });

  it('says what it looked for in a folder without images', async () => {
    const looked =
      'PATH: expected captions.csv, metadata.csv, dataset.json, captions.json, manifest.jsonl, captions.jsonl, metadata.jsonl, ' +
      'metadata.parquet, captions.tsv or images ' +
      '(jpg, jpeg, jfif, png, webp, gif, tif, tiff, avif), got';
    expect(await refusal(await folderOf({}))).toBe(`${looked} no files`);
    expect(await refusal(await folderOf({'a.bmp': 'x', 'b.rar': 'x'}))).toBe(
      `${looked} 2 other files (a.bmp, b.rar)`,
    );
  });

  it('names the first three missing images and their number', async () => {
    const list = ['x1.jpg', 'a.webp', 'x2.jpg', 'x3.jpg', 'x4.jpg'].map((file) => ({file}));
    for (const path of [
      await withTable('manifest.jsonl', lines(list)),
      await tarOfFiles({...images, 'manifest.jsonl': lines(list)}),
    ]) {
      expect(await refusal(path)).toBe(
        'PATH: expected every image beside the table or in images/, got none for x1.jpg, x2.jpg, x3.jpg, ... (4 in all)',
      );
    }
  });

  it('says when missing images may be links in an archive', async () => {
    const path = await tarOf([
      {name: 'manifest.jsonl', content: lines([{file: 'a.jpg'}, {file: 'b.jpg'}])},
      {name: 'a.jpg', content: 'one'},
      {name: 'b.jpg', type: 'link', linkname: 'a.jpg'},
    ]);
    await expect(openImages(path)).rejects.toMatchObject({
      message: expect.stringMatching(/got none for b\.jpg$/) as string,
      tryThis: 'pack without links: the archive holds 1, and links are not followed',
    });
  });

  it('refuses two tables', async () => {
    const path = await folderOf({'captions.csv': 'file\na.jpg', 'manifest.jsonl': '{"file": "a.jpg"}'});
    expect(await refusal(path)).toBe('PATH: expected one table, got captions.csv and manifest.jsonl');
  });

  it('refuses two images of one name', async () => {
    expect(await refusal(await folderOf({'a.jpg': 'one', 'images/a.jpg': 'two'}))).toBe(
      'PATH: a.jpg: expected one image of this name, got a.jpg and images/a.jpg',
    );
  });

  it.each([
    ['{"file": "a.webp"}\n\n{"file": "b.webp"', /line 3: expected a JSON object, got .*JSON/],
    ['[\n{"file": "a.webp"}]', /line 1: expected a JSON object, got .*JSON/],
    ['["a.webp"]', /line 1: expected a JSON object, got a list$/],
    ['"a.webp"', /line 1: expected a JSON object, got "a.webp"$/],
    [
      '{"name": "a"}',
      /line 1: file: expected the image \(file, filename, file_name, image, path, filepath\), got \["name"\]$/,
    ],
    ['{"file": 3}', /line 1: file: expected the path of an image, got 3$/],
    ['{"file": "a.webp", "captions": [1]}', /line 1: captions: expected a list of texts, got 1$/],
    [
      '{"file": "a.webp", "captions": {"en": "x"}}',
      /line 1: captions: expected text or a list of texts, got \{"en":"x"\}$/,
    ],
    ['{"file": "a.webp", "split": 1}', /line 1: split: expected a name, got 1$/],
    [
      '{"file": "../../etc/passwd"}',
      /line 1: expected a path inside the set, got "..\/..\/etc\/passwd" \(it leads out of the set\)$/,
    ],
    [
      '{"file": "/etc/passwd"}',
      /line 1: expected a path inside the set, got "\/etc\/passwd" \(it is absolute\)$/,
    ],
  ])('names line and fault of the manifest %j', async (content, message) => {
    expect(await refusal(await withTable('manifest.jsonl', content), openCaptioned)).toMatch(
      new RegExp(`^PATH/manifest.jsonl: ${message.source}`),
    );
  });

  it.each([
    [
      '',
      'expected a header line with a column file, filename, file_name, image, path, filepath (and captions, caption, text), got an empty file',
    ],
    [
      'name,text\na,b',
      'expected a header line with a column file, filename, file_name, image, path, filepath (and captions, caption, text), got name, text',
    ],
    ['file,caption,Caption\na,b,c', 'expected different names in the header line, got caption twice'],
    [
      'file,caption\na.webp,b\na.webp,b,c',
      'line 3: expected as many cells as the header line, got another number',
    ],
    [
      'file,caption\na.webp,b "c" d',
      'line 2: expected quotes around whole cells, doubled inside, got a quote within a cell',
    ],
    [
      'file,caption\na.webp,"b" d',
      'line 2: expected quotes around whole cells, doubled inside, got text after a closing quote',
    ],
    ['file,caption\na.webp,"b\nc', 'line 3: expected a closing quote, got the end of the file'],
  ])('names the fault of the table %j', async (content, message) => {
    expect(await refusal(await withTable('captions.csv', content))).toBe(`PATH/captions.csv: ${message}`);
  });

  it('names the line of a table that is not UTF-8', async () => {
    const latin = Buffer.concat([Buffer.from('file,caption\na.webp,caf'), Buffer.from([0xe9, 0x0a])]);
    expect(await refusal(await withTable('captions.csv', latin))).toBe(
      'PATH/captions.csv: expected UTF-8 text, got other bytes in line 2',
    );
    const wide = Buffer.from('\ufefffile,caption', 'utf16le');
    expect(await refusal(await withTable('captions.csv', wide))).toBe(
      'PATH/captions.csv: expected UTF-8 text, got UTF-16',
    );
    expect(await refusal(await withTable('captions.tsv', Buffer.from([1, 0, 2])))).toBe(
      'PATH/captions.tsv: expected UTF-8 text, got a binary file',
    );
  });

  it('refuses an archive that is compressed, torn or none', async () => {
    const folder = await folderOf({
      'a.tar.gz': Buffer.from('1f8b0800000000', 'hex'),
      'b.tar': 'no archive at all'.padEnd(2048, '.'),
      'c.tar': '',
    });
    expect(await refusal(join(folder, 'a.tar.gz'))).toBe(
      'PATH: expected an uncompressed .tar, got one compressed with gzip',
    );
    await expect(openImages(join(folder, 'a.tar.gz'))).rejects.toMatchObject({
      tryThis: `gunzip --keep '${join(folder, 'a.tar.gz')}'`,
    });
    expect(await refusal(join(folder, 'b.tar'))).toMatch(
      /^PATH: expected a tar archive, got Invalid tar header/,
    );
    expect(await refusal(join(folder, 'c.tar'))).toMatch(/^PATH: expected .* got no files$/);
    const whole = await tarOfFiles({'a.jpg': Buffer.alloc(5000, 1)});
    const torn = join(folder, 'd.tar');
    await writeFile(torn, (await readFile(whole)).subarray(0, 2000));
    expect(await refusal(torn)).toBe('PATH: expected a whole tar archive, got one that ends early');
  });
});
