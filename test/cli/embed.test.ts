import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const photos = join(root, 'photos');
const out = join(root, 'embedded');
const env = {FEWCLIP_CACHE: join(root, 'cache')};

beforeAll(async () => {
  await writeUntrainedClip(join(root, 'clip'));
  mkdirSync(photos);
  for (let i = 0; i < 3; i++) {
    await sharp({
      create: {width: 16, height: 16, channels: 3, background: {r: 90 * i, g: 50, b: 200 - 70 * i}},
    })
      .png()
      .toFile(join(photos, `${i}.png`));
  }
});

describe('fewclip embed and fewclip search', () => {
  it('embed a folder and find an image in it', async () => {
    const args = ['embed', photos, '--model', join(root, 'clip'), '--out', out, '--engine', 'cpu'];
    const embedded = await runFewclip(args, {env});
    expect(embedded.exit).toBe(0);
    expect(embedded.stdout).toContain('3 rows of 16 numbers');
    expect(embedded.stderr).toContain('images: 3 of 3');
    const query = [
      'search',
      '--image',
      join(photos, '1.png'),
      '--in',
      out,
      '--engine',
      'cpu',
      '--format',
      'json',
    ];
    const {exit, stdout} = await runFewclip(query, {env});
    expect(exit).toBe(0);
    const report = JSON.parse(stdout) as {results: {metadata: {id: string}}[]; searched: number};
    expect(report.searched).toBe(3);
    expect(report.results[0]!.metadata.id).toBe('1.png');
  });
});
