import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {CheckReport} from '../../src/app/data/check-report.js';
import {drawnPicture} from '../support/mutated-corpus.js';
import {beforeAll, describe, expect, it} from 'vitest';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();
const pairs = join(root, 'pairs');

beforeAll(() => {
  mkdirSync(pairs);
  for (let i = 0; i < 6; i++) {
    writeFileSync(join(pairs, `${i}.jpg`), `image ${i}`);
    writeFileSync(join(pairs, `${i}.txt`), `caption ${i}\nanother ${i}`);
  }
});

it('fewclip data convert writes a set in another format and tells what it wrote', async () => {
  const out = join(root, 'shards');
  const {exit, stdout, stderr} = await runFewclip([
    ...['data', 'convert', pairs, '--to', 'webdataset', '--out', out, '--shard-rows', '4'],
  ]);
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^${out} \\(webdataset\\)\\n {2}6 images, 12 captions \\([0-9a-f]{10}\\)\\n$`),
  );
  expect(stderr).toContain('images: 6 of 6');
  const back = await runFewclip([
    ...[
      'data',
      'convert',
      `${out}/0000{0..1}.tar`,
      '--to',
      'csv',
      '--out',
      join(root, 'csv'),
      '--format',
      'json',
    ],
  ]);
  expect(back.exit).toBe(0);
  expect(JSON.parse(back.stdout)).toMatchObject({format: 'csv', images: 6, captions: 12, dropped: []});
  const table = readFileSync(join(root, 'csv', 'captions.csv'), 'utf8');
  expect(table).toBe(
    [
      'file,caption',
      ...[0, 1, 2, 3, 4, 5].flatMap((i) => [`00000${i}.jpg,caption ${i}`, `00000${i}.jpg,another ${i}`]),
      '',
    ].join('\n'),
  );
});

it('fewclip data split makes a table that says how it is used; a wrong call ends with 2', async () => {
  const out = join(root, 'few.jsonl');
  const {exit, stdout} = await runFewclip(['data', 'split', pairs, '--ratio', '0.5', '--out', out]);
  expect(exit).toBe(0);
  expect(stdout).toBe(`${out} (seed 0)\n  ${out}#labelled: 3 images\n  ${out}#unlabelled: 3 images\n`);
  const wrong = await runFewclip(['data', 'split', pairs, '--ratio', '2', '--out', join(root, 'x.jsonl')]);
  expect(wrong.exit).toBe(2);
  expect(wrong.stderr).toContain('--ratio: expected a number from 0 to 1, got 2');
});

describe('fewclip data check', () => {
  const set = join(root, 'to-check');

  beforeAll(async () => {
    mkdirSync(set);
    for (let i = 0; i < 4; i++) writeFileSync(join(set, `${i}.jpg`), await drawnPicture(i).jpeg().toBuffer());
    writeFileSync(join(set, '4.jpg'), '<html>not found</html>');
  });

  it('names the rows of each problem, a summary, and ends with 3 above --max-bad', async () => {
    const {exit, stdout, stderr} = await runFewclip(['data', 'check', set]);
    expect(stdout).toBe(
      [
        `${set}: 5 images, 0 captions`,
        '  not-an-image          1  text, a web page or other content under the name of an image',
        `                           ${set}/4.jpg: an HTML page`,
        'bad: 1 of 5 rows (20.0 %), more than --max-bad 0',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('images: 5 of 5');
    expect(exit).toBe(3);
  });

  it('prints JSON alone, and ends with 0 when that many are borne', async () => {
    const out = join(root, 'all.jsonl');
    const options = ['--unpaired', set, '--evaluate', set, '--max-bad', '50%', '--bad', 'leak', '--out', out];
    const {exit, stdout} = await runFewclip(['data', 'check', ...options, '--format', 'json']);
    const report = JSON.parse(stdout) as CheckReport;
    expect(report.sets.map(({role, rows, problems}) => [role, rows, problems])).toEqual([
      ['unpaired', 5, {'not-an-image': 1}],
      ['evaluate', 5, {'not-an-image': 1, leak: 5}],
    ]);
    expect(report.bad).toEqual({rows: 5, of: 10, most: '50%', isAbove: false});
    expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(report.problems.length);
    expect(exit).toBe(0);
  });

  it('asks for a set, and refuses a limit that is none', async () => {
    for (const [args, says] of [
      [[], 'data: expected a set, got none'],
      [[set, '--max-bad', 'few'], '--max-bad: expected a number of rows or a share such as 1%, got few'],
    ] as const) {
      const {exit, stdout, stderr} = await runFewclip(['data', 'check', ...args]);
      expect([exit, stdout]).toEqual([2, '']);
      expect(stderr).toContain(says);
    }
  });
});

it('fewclip data stats and clean tell what they count, and clean writes only where it is told to', async () => {
  const stats = await runFewclip(['data', 'stats', pairs]);
  expect(stats.exit).toBe(0);
  expect(stats.stdout).toContain('captions: 12, 12 different, 8 different words\n');
  expect(stats.stdout).toContain('6 images (6 that are no images)');
  const counted = await runFewclip(['data', 'clean', '--filter', 'tidy', '--filter', 'repeated=1', pairs]);
  expect(counted.stdout).toBe(
    [
      `${pairs}: 6 images, 12 captions`,
      '  tidy               nothing to do',
      '  repeated=1         nothing to do',
      'kept: 6 images, 12 captions (nothing written: --out writes them)',
      '',
    ].join('\n'),
  );
  const list = join(root, 'kept.jsonl');
  expect(existsSync(list)).toBe(false);
  const written = await runFewclip([
    'data',
    'clean',
    pairs,
    '--filter',
    'tidy',
    '--out',
    list,
    '--format',
    'json',
  ]);
  expect(JSON.parse(written.stdout)).toMatchObject({after: {images: 6, captions: 12}, out: list});
  expect(existsSync(list)).toBe(true);
});
