import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const image = join(root, 'field.png');
let model: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  await sharp({create: {width: 20, height: 30, channels: 3, background: '#aa3311'}})
    .png()
    .toFile(image);
});

describe('fewclip inspect words', () => {
  it('prints plain maps where there is no terminal, and draws the picture asked for', async () => {
    const out = join(root, 'words.png');
    const args = ['inspect', 'words', image, '--text', 'a red bus', '--model', model, '--out', out];
    const {exit, stdout} = await runFewclip([...args, '--engine', 'cpu']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^ {2}bus +-?\d\.\d{3} {2}\d, \d +-?\d\.\d{3} +\d+ %$/m);
    expect(stdout).toMatch(/^ {3}\d \d( +\d \d)+$/m);
    expect(stdout).not.toContain('\u001B');
    expect(readFileSync(out).subarray(1, 4).toString()).toBe('PNG');
  });

  it('refuses a picture of another kind with exit code 2, as one JSON object', async () => {
    const out = join(root, 'words.pdf');
    const args = ['inspect', 'words', image, '--text', 'bus', '--model', model, '--format', 'json'];
    const {exit, stdout} = await runFewclip([...args, '--out', out]);
    expect({exit, ...(JSON.parse(stdout) as object)}).toMatchObject({
      exit: 2,
      type: 'error',
      message: `--out: expected a file that ends in .png or .svg, got ${out}`,
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe('fewclip inspect distance and landscape', () => {
  it('compare two models in one JSON document', async () => {
    const other = await writeUntrainedClip(join(root, 'other'), 1);
    const args = ['inspect', 'distance', model, other, '--images', image, '--format', 'json'];
    const {exit, stdout} = await runFewclip([...args, '--engine', 'cpu']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      diagnostic: 'distance',
      images: {origin: image, count: 1},
      models: [{model}, {model: other}],
    });
  });

  it('say in one sentence what is wrong with a number', async () => {
    const {exit, stderr} = await runFewclip(['inspect', 'landscape', model, '--range', '0']);
    expect(exit).toBe(2);
    expect(stderr).toContain('--range: expected a number from 0.001 to 100, got 0');
  });
});
