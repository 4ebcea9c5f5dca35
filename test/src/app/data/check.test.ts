import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {checkData, type CheckRequest} from '../../../../src/app/data/check.js';
import type {CheckReport} from '../../../../src/app/data/check-report.js';
import type {SetRole} from '../../../../src/app/data/checked-sets.js';
import {pixelLimit} from '../../../../src/data/pixels/decode.js';
import {folderOf, tarOfFiles, type Files} from '../../../support/files-on-disk.js';
import {drawnPicture, mutatedCorpus} from '../../../support/mutated-corpus.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

async function check(
  sets: Partial<Record<SetRole, string>>,
  options: Partial<CheckRequest> = {},
): Promise<CheckReport> {
  const events = checkData({
    sets: Object.entries(sets).map(([role, reference]) => ({role: role as SetRole, reference})),
    ...{maxBad: '0', bad: undefined, near: true, model: undefined, listed: 5000, out: undefined},
    look: {mostPixels: pixelLimit, leastSide: 32, decode: true},
    ...options,
  });
  for (;;) {
    const {done, value} = await events.next();
    if (done) return value;
  }
}

const kindsOf = ({problems}: CheckReport) => problems.map(({kind}) => kind).sort();
const jpeg = (number: number) => drawnPicture(number).jpeg().toBuffer();

/** Images under their names, captions in a table. */
async function captionedSet(
  rows: readonly (readonly [name: string, image: Buffer | null, ...captions: string[]])[],
) {
  const files: Record<string, string | Buffer> = {};
  for (const [name, image] of rows) if (image !== null) files[name] = image;
  files['captions.jsonl'] = rows
    .map(([file, , ...captions]) => `${JSON.stringify({file, captions})}\n`)
    .join('');
  return folderOf(files);
}

describe('the mutated corpus', () => {
  it('of 500 files is told apart without a mistake, and no byte of it changes', async () => {
    const folder = join(root, 'corpus');
    mkdirSync(folder);
    const corpus = await mutatedCorpus(500);
    for (const {name, content} of corpus) writeFileSync(join(folder, name), content);
    const state = () =>
      readdirSync(folder).map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]);
    const before = state();
    const {problems, sets, bad} = await check({set: folder}, {near: false});
    const found = new Map<string, string[]>();
    for (const {place, kind} of problems.filter((one) => one.kind !== 'duplicate')) {
      const name = place.slice(folder.length + 1);
      found.set(name, [...(found.get(name) ?? []), kind]);
    }
    const wrong = corpus.filter(
      ({name, expected}) => (found.get(name) ?? []).sort().join() !== expected.join(),
    );
    expect(wrong.map(({name, expected}) => [name, found.get(name), expected])).toEqual([]);
    expect(sets[0]!.rows).toBe(500);
    expect(bad.rows).toBe(corpus.filter(({name}) => /^(truncated|zero|html)/.test(name)).length);
    expect(state()).toEqual(before);
  });
});

describe('near-duplicates', () => {
  it('that are planted are found in 99 of 100, in a set and across sets', async () => {
    const changes: readonly ((image: Buffer) => Promise<Buffer>)[] = await Promise.all([
      import('sharp').then(
        ({default: sharp}) =>
          (image: Buffer) =>
            sharp(image).jpeg({quality: 75}).toBuffer(),
      ),
      import('sharp').then(
        ({default: sharp}) =>
          (image: Buffer) =>
            sharp(image).resize(61, 61).png().toBuffer(),
      ),
      import('sharp').then(
        ({default: sharp}) =>
          (image: Buffer) =>
            sharp(image).modulate({brightness: 1.1}).webp().toBuffer(),
      ),
      import('sharp').then(
        ({default: sharp}) =>
          (image: Buffer) =>
            sharp(image).extract({left: 1, top: 1, width: 94, height: 94}).png().toBuffer(),
      ),
    ]);
    const [learnt, tested]: [Record<string, Buffer>, Record<string, Buffer>] = [{}, {}];
    for (let i = 0; i < 100; i++) {
      learnt[`${i}.png`] = await drawnPicture(i).png().toBuffer();
      for (const [k, change] of changes.entries())
        tested[`${i}-${k}.x.jpg`] = await change(learnt[`${i}.png`]!);
      // others that are not planted
      tested[`other-${i}.jpg`] = await jpeg(5000 + i);
    }
    const report = await check({unpaired: await folderOf(learnt), evaluate: await folderOf(tested)});
    const leaks = report.problems.filter(({kind}) => kind === 'near-leak');
    const right = leaks.filter(({place, detail}) => {
      const [, number] = /(\d+)-\d\.x\.jpg$/.exec(place) ?? [];
      return number !== undefined && detail.endsWith(`/${number}.png`);
    });
    expect(right.length).toBeGreaterThanOrEqual(0.99 * 400);
    expect(leaks.length - right.length).toBe(0);
    expect(report.bad.rows).toBe(0);
  });
});

describe('data check', () => {
  it('names missing images, rows that make no sense, blank captions and other encodings, row by row', async () => {
    const latin1 = Buffer.concat([
      Buffer.from('file,caption\na.jpg,a r'),
      Buffer.from([0xe9]),
      Buffer.from('servoir\nb.jpg,\nc.jpg,gone\na.jpg,x,too many\nd.jpg,"  "\nd.jpg,a boat\n'),
    ]);
    const files: Files = {
      'captions.csv': latin1,
      'a.jpg': await jpeg(1),
      'b.jpg': await jpeg(2),
      'd.jpg': await jpeg(3),
    };
    const folder = await folderOf(files);
    const report = await check({captioned: folder});
    expect(report.problems.map(({kind, place}) => [kind, place.replace(`${folder}/`, '')])).toEqual([
      ['unreadable-row', folder],
      ['not-utf8', 'a.jpg'],
      ['no-caption', 'b.jpg'],
      ['missing', `${folder}: c.jpg`],
      ['blank-caption', 'd.jpg'],
    ]);
    expect(report.problems[0]!.detail).toMatch(
      /captions\.csv: line 5: expected as many cells as the header line/,
    );
    expect(report.bad).toEqual({rows: 4, of: 5, most: '0', isAbove: true});
    expect(readFileSync(join(folder, 'captions.csv')).equals(latin1)).toBe(true);
  });

  it('finds test images that are learnt from, byte for byte, and images that are captioned and uncaptioned', async () => {
    const pairs = await captionedSet([
      ['a.jpg', await jpeg(1), 'one'],
      ['b.jpg', await jpeg(2), 'two'],
    ]);
    const pool = await tarOfFiles({'x.jpg': await jpeg(2), 'y.jpg': await jpeg(3), 'z.jpg': await jpeg(3)});
    const test = await folderOf({'p/t.jpg': await jpeg(3), 'q/u.jpg': await jpeg(4)});
    const {problems, bad} = await check({captioned: pairs, unpaired: pool, evaluate: test});
    expect(problems.map(({kind, place, detail}) => [kind, place, detail])).toEqual([
      ['overlap', `${pool}: x.jpg`, join(pairs, 'b.jpg')],
      ['duplicate', `${pool}: z.jpg`, 'y.jpg'],
      ['leak', join(test, 'p/t.jpg'), `${pool}: y.jpg`],
    ]);
    expect([bad.rows, bad.of]).toEqual([1, 7]);
  });

  it('tells one caption for all, classes of very different size, captions that are cut and small images', async () => {
    const rows = await Promise.all(
      Array.from({length: 30}, async (_, i) => {
        const image = await drawnPicture(i, i === 0 ? 20 : 64)
          .png()
          .toBuffer();
        return {name: `${i === 0 ? 'rare' : 'usual'}/${i}.png`, image};
      }),
    );
    const files: Record<string, string | Buffer> = {};
    for (const [i, {name, image}] of rows.entries()) {
      files[name] = image;
      files[name.replace('.png', '.txt')] = i === 3 ? 'word '.repeat(90) : 'a picture';
    }
    const folder = await folderOf(files);
    const {sets, problems, tokens} = await check({captioned: folder});
    expect(sets[0]!.findings.map(({kind}) => kind)).toEqual(['one-caption', 'class-imbalance']);
    expect(sets[0]!.findings[0]!.says).toContain('"a picture" is a caption of 29 of 30 images');
    expect(sets[0]!.findings[1]!.says).toContain('class usual has 29 images, rare has 1');
    expect(problems.map(({kind}) => kind).sort()).toEqual(['long-caption', 'tiny']);
    expect(problems.find(({kind}) => kind === 'long-caption')!.detail).toMatch(/^92 tokens: word word/);
    expect(tokens).toEqual({by: null, context: 77});
  });

  it('refuses an image of many pixels by its header, and bears as many bad rows as it is told to', async () => {
    const huge = await drawnPicture(1, 96).resize(5001, 5000, {kernel: 'nearest'}).png().toBuffer();
    const folder = await folderOf({'a.png': huge, 'b.jpg': await jpeg(2), 'c.jpg': await jpeg(3)});
    const report = await check({set: folder}, {maxBad: '34%'});
    expect(report.problems[0]).toMatchObject({
      kind: 'huge',
      detail: '5001 x 5000 pixels, the limit is 25000000',
    });
    expect(report.bad).toMatchObject({rows: 1, of: 3, isAbove: false});
    expect((await check({set: folder}, {maxBad: '33%'})).bad.isAbove).toBe(true);
    expect((await check({set: folder}, {bad: ['missing', 'tiny']})).bad.rows).toBe(0);
    await expect(check({set: folder}, {bad: ['hugge']})).rejects.toThrow(/got hugge .*did you mean huge\?/);
    await expect(check({set: folder}, {maxBad: 'some'})).rejects.toThrow(
      '--max-bad: expected a number of rows',
    );
  });

  it('goes on behind a shard that is broken, and writes all problems to a file', async () => {
    const folder = await folderOf({});
    const shard = await tarOfFiles({'a.jpg': await jpeg(1)});
    writeFileSync(join(folder, '0.tar'), readFileSync(shard));
    writeFileSync(join(folder, '1.tar'), readFileSync(shard).subarray(0, 700));
    const out = join(root, 'problems.jsonl');
    const report = await check({unpaired: `${folder}/*.tar`}, {out, listed: 0});
    expect([report.problems, report.notListed, report.sets[0]!.rows]).toEqual([[], 1, 1]);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      kind: 'unreadable-row',
      detail: expect.stringContaining('1.tar: expected a whole tar archive, got one that ends early'),
    });
  });

  it('without decoding finds what headers and bytes tell', async () => {
    const whole = await jpeg(1);
    const folder = await folderOf({
      'a.jpg': whole,
      'b.jpg': whole,
      'c.jpg': '',
      'd.jpg': whole.subarray(0, 900),
    });
    const look = {mostPixels: pixelLimit, leastSide: 32, decode: false};
    expect(kindsOf(await check({set: folder}, {look}))).toEqual(['duplicate', 'empty-file']);
  });

  it('looks at published sets by name, also where the images have no files of their own', async () => {
    const record = Buffer.alloc(3073, 90);
    record[0] = 3;
    const folder = await folderOf({'test_batch.bin': Buffer.concat([record, record])});
    const {sets, problems} = await check({evaluate: `set:cifar10=${folder}`});
    expect([sets[0]!.rows, problems.map(({kind}) => kind)]).toEqual([2, ['duplicate']]);
  });

  it('says that nothing of a set can be read', async () => {
    await expect(check({set: join(root, 'none')})).rejects.toThrow(
      `${join(root, 'none')}: expected a folder`,
    );
    await expect(check({set: 'domain:toy'})).rejects.toThrow('domain:toy: expected a set on disk');
  });
});
