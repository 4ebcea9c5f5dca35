import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {expect, it} from 'vitest';
import {unpairedNotice, type UnpairedUse} from '../../src/app/training/decide-unpaired.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {resultOf} from '../support/toy-run.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();

/** Six grey pictures; captions that share no word, where there are captions. */
async function writePictures(folder: string, captions?: readonly string[]): Promise<string> {
  const path = join(root, folder);
  mkdirSync(path);
  for (let i = 0; i < 6; i++) {
    const background = {r: 40 * i, g: 40 * i, b: 40 * i};
    await sharp({create: {width: 16, height: 16, channels: 3, background}})
      .png()
      .toFile(join(path, `${i}.png`));
  }
  const rows = captions?.map((caption, i) => `${i}.png,${caption}\n`).join('');
  if (rows) writeFileSync(join(path, 'captions.csv'), `file,caption\n${rows}`);
  return path;
}

it('leaves uncaptioned images out where their captions would be wrong, and is supervised tuning then', async () => {
  const model = await writeUntrainedClip(join(root, 'clip'));
  const pairs = await writePictures('pairs', ['boat', 'crane', 'pier', 'harbour', 'buoy', 'rope']);
  const data = ['--captioned', pairs, '--unpaired', await writePictures('photos')];
  const how = ['--steps', '3', '--batch', '4', '--precision', 'fp32', '--select', 'last', '--format', 'json'];
  const adapt = async (name: string, ...more: string[]) => {
    const out = join(root, name);
    const {stdout} = await runFewclip(['adapt', '--model', model, ...data, ...how, '--out', out, ...more]);
    const [columns] = readFileSync(join(out, 'metrics.csv'), 'utf8').split('\n');
    return {out, stdout, columns, result: resultOf(out)};
  };

  const keywords = join(root, 'keywords.txt');
  writeFileSync(keywords, 'boat\n');

  const left = await adapt('left-out', '--keywords', keywords);
  const use = JSON.parse(readFileSync(join(left.out, 'partners.json'), 'utf8')) as UnpairedUse;
  expect(use).toMatchObject({order: 'left-out', partners: null, likeness: {words: {alike: 0, chance: 0}}});
  expect(left.stdout).toContain(unpairedNotice(use));
  expect(left.result.unpairedOrder).toBe('left-out');
  expect(left.columns).not.toContain('term.caption');

  const supervised = await adapt('supervised', '--method', 'clip');
  expect(supervised.result.unpairedOrder).toBeNull();
  expect(left.result.weightsSha256).toBe(supervised.result.weightsSha256);

  const used = await adapt('used', '--keywords', keywords, '--unpaired-order', 'shuffled');
  expect(used.result.unpairedOrder).toBe('shuffled');
  expect(used.columns).toContain('term.caption');
  expect(used.result.weightsSha256).not.toBe(supervised.result.weightsSha256);
});
