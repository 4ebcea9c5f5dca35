import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import type {PseudoReport} from '../../src/app/pseudo-show.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const captioned = join(root, 'pairs');
const unpaired = join(root, 'photos');
let flags: string[];

beforeAll(async () => {
  const model = await writeUntrainedClip(join(root, 'clip'));
  mkdirSync(join(captioned, 'images'), {recursive: true});
  mkdirSync(unpaired);
  const draw = (path: string, i: number) =>
    sharp({create: {width: 20, height: 20, channels: 3, background: {r: i * 30, g: 255 - i * 30, b: 10}}})
      .png()
      .toFile(path);
  for (let i = 0; i < 4; i++) await draw(join(captioned, 'images', `${i}.png`), i);
  for (let i = 0; i < 5; i++) await draw(join(unpaired, `${i}.png`), i + 3);
  const lines = ['a barn', 'a pond', 'a barn and a pond', 'a road'].map((caption, i) =>
    JSON.stringify({file: `${i}.png`, captions: [caption]}),
  );
  writeFileSync(join(captioned, 'manifest.jsonl'), lines.join('\n'));
  writeFileSync(join(root, 'words.txt'), 'barn\npond\n');
  flags = ['--captioned', captioned, '--unpaired', unpaired, '--model', model, '--engine', 'cpu'];
});

const show = (...args: string[]) => runFewclip(['pseudo', 'show', ...args]);

describe('fewclip pseudo show', () => {
  it('explains several images: captions with weights, the nearest image, keywords', async () => {
    const {exit, stdout} = await show(
      '0.png',
      '2.png',
      ...flags,
      '--keywords',
      join(root, 'words.txt'),
      '--top',
      '2',
    );
    expect(exit).toBe(0);
    expect(stdout).toContain('plan: 4 uncaptioned images x 4 captioned images, ot, 10 iterations');
    expect(stdout.match(/entropy \d\.\d\d nats/g)).toHaveLength(2);
    expect(stdout.match(/nearest captioned image: .*pairs.*\.png, cosine /g)).toHaveLength(2);
    expect(stdout.match(/keywords: /g)).toHaveLength(2);
    expect(stdout.match(/\d % {2}/g)).toHaveLength(4);
  });

  it('prints one JSON document, notices aside', async () => {
    const {exit, stdout, stderr} = await show(
      '0.png',
      ...flags,
      '--transport',
      'soft',
      '--top',
      '4',
      '--format',
      'json',
    );
    expect(exit).toBe(0);
    const report = JSON.parse(stdout) as PseudoReport;
    expect(report).toMatchObject({version: 1, transport: 'soft', rows: 4, columns: 4, iterations: 0});
    expect(report.images[0]!.captions.reduce((sum, {weight}) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(stderr).toContain('keywords: none given');
  });

  it.each([
    [
      'an image that is nowhere',
      ['9.jpg'],
      [],
      3,
      '9.jpg: expected an image file or the id of an uncaptioned image',
    ],
    ['no image', [], [], 2, 'image'],
    [
      'a label ratio beyond 1',
      ['0.png'],
      ['--label-ratio', '1.5'],
      2,
      '--label-ratio: expected a number from 0 to 1, got 1.5',
    ],
    ['an unknown transport', ['0.png'], ['--transport', 'train'], 2, '--transport'],
    [
      'a keyword file that is not there',
      ['0.png'],
      ['--keywords', 'none.txt'],
      3,
      'none.txt: expected a file',
    ],
    ['an unknown domain', ['0.png'], ['--domain', 'mooon'], 2, 'domain: expected a known domain, got mooon'],
  ])('refuses %s', async (...[, images, more, expected, message]) => {
    const {exit, stdout, stderr} = await show(...images, ...flags, ...more);
    expect(stderr).toContain(message);
    expect([exit, stdout]).toEqual([expected, '']);
  });
});
