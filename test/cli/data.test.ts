import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, it} from 'vitest';
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
