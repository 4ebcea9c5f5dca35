import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {cleanSet, type CleanReport, type CleanRequest} from '../../../../src/app/data/clean.js';
import {openCaptioned} from '../../../../src/data/open-data.js';
import {folderOf} from '../../../support/files-on-disk.js';
import {drawnPicture} from '../../../support/mutated-corpus.js';

async function clean(from: string, options: Partial<CleanRequest>): Promise<CleanReport> {
  const request = {
    ...{
      from,
      split: undefined,
      keys: {},
      shardRows: 100,
      filters: [],
      filip: false,
      to: undefined,
      out: undefined,
    },
    ...options,
  };
  const events = cleanSet(request);
  for (;;) {
    const {done, value} = await events.next();
    if (done) return value;
  }
}

const image = (i: number, width = 220, height = 210) =>
  drawnPicture(i).resize(width, height, {fit: 'fill'}).png().toBuffer();

/** Twelve images with one caption, and one of each kind that a rule of FILIP meets. */
async function filipSet(): Promise<string> {
  const rows: [name: string, image: Buffer, captions: string[]][] = [
    ['small.png', await image(50, 190, 400), ['a tower by the water']],
    ['long.png', await image(51, 700, 210), ['a panorama of the harbour']],
    ['german.png', await image(52), ['Ein Hund läuft über die Wiese am Fluss.']],
    ['named.png', await image(53), ['Angela Merkel and Barack Obama talk to reporters.']],
  ];
  for (let i = 0; i < 12; i++)
    rows.push([`many-${i}.png`, await image(i), ['stock photo', `a scene with ${i} boats`]]);
  return folderOf({
    ...Object.fromEntries(rows.map(([name, content]) => [name, content])),
    'captions.jsonl': rows.map(([file, , captions]) => `${JSON.stringify({file, captions})}\n`).join(''),
  });
}

describe('data clean', () => {
  it("applies FILIP's rules, counts each, and changes nothing without --out", async () => {
    const folder = await filipSet();
    const before = readFileSync(join(folder, 'captions.jsonl'), 'utf8');
    const report = await clean(folder, {filip: true});
    expect(report.filters).toEqual([
      {name: 'short-side', value: 200, images: 1, captionsLeftOut: 1, captionsChanged: 0},
      {name: 'aspect', value: 3, images: 1, captionsLeftOut: 1, captionsChanged: 0},
      {name: 'language', value: 'en', images: 0, captionsLeftOut: 1, captionsChanged: 0},
      {name: 'repeated', value: 10, images: 0, captionsLeftOut: 12, captionsChanged: 0},
      {name: 'names', value: 'person', images: 0, captionsLeftOut: 0, captionsChanged: 1},
      {name: 'no caption left', value: null, images: 1, captionsLeftOut: 0, captionsChanged: 0},
    ]);
    expect([report.before, report.after]).toEqual([
      {images: 16, captions: 28},
      {images: 13, captions: 13},
    ]);
    expect(readFileSync(join(folder, 'captions.jsonl'), 'utf8')).toBe(before);
  });

  it('writes what is kept as a table or as a set in another format', async () => {
    const folder = await filipSet();
    const to = await folderOf({});
    const filters = ['short-side=150', 'repeated=11', 'names=somebody'];
    const list = join(to, 'kept.jsonl');
    const written = await clean(folder, {filters, out: list});
    const copied = await clean(folder, {filters, out: join(to, 'parquet'), to: 'parquet'});
    expect(written.after).toEqual(copied.after);
    const sets = await Promise.all([openCaptioned(list), openCaptioned(join(to, 'parquet'))]);
    expect(sets[0].fingerprint).toBe(sets[1].fingerprint);
    expect(sets[0].rows.map(({captions}) => captions)).toContainEqual([
      'somebody and somebody talk to reporters.',
    ]);
    expect(sets[0].rows).toHaveLength(16);
  });

  it('tidies captions, leaves out equal images and damaged ones, and keeps images that never had a caption', async () => {
    const same = await image(1);
    const folder = await folderOf({
      'a.png': same,
      'b.png': same,
      'c.png': 'damaged',
      'd.png': await image(2),
      'captions.jsonl':
        '{"file": "a.png", "caption": "A &amp;amp; B <b>here</b>"}\n{"file": "b.png", "caption": "x"}\n' +
        '{"file": "c.png", "caption": "y"}\n{"file": "d.png"}\n',
    });
    const out = join(await folderOf({}), 'kept.jsonl');
    const {filters, after} = await clean(folder, {filters: ['tidy', 'duplicates'], out});
    expect(filters.map(({name, images, captionsChanged}) => [name, images, captionsChanged])).toEqual([
      ['tidy', 0, 1],
      ['unreadable', 1, 0],
      ['duplicates', 1, 0],
    ]);
    expect(after).toEqual({images: 2, captions: 1});
    expect(readFileSync(out, 'utf8')).toContain('"captions":["A & B here"]');
  });

  it.each([
    [{}, 'data clean: expected --filip or at least one --filter, got none'],
    [{filters: ['short-sied=4']}, '--filter: expected a known filter, got short-sied'],
    [{filters: ['aspect=wide']}, '--filter aspect=wide: expected a number above 0, got wide'],
    [{filters: ['tidy=2']}, '--filter tidy=2: expected no value, got 2'],
    [{filters: ['language=']}, '--filter language=: expected a word, got '],
    [{filters: ['tidy'], to: 'csv'}, 'data clean: expected --out FOLDER beside --to, got none'],
    [{filters: ['tidy'], out: 'kept.csv'}, '--out: expected a table that ends with .jsonl, got kept.csv'],
    [{filters: ['short-side=5000']}, /expected to keep images, got none of 16/],
  ])('refuses %j', async (options, message) => {
    await expect(clean(await filipSet(), options)).rejects.toThrow(message);
  });
});
