import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {inspectLandscape, type InspectedLandscape} from '../../../../src/app/inspect/landscape.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();
const data = join(root, 'pairs');
let model: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  mkdirSync(data);
  const captions = ['a barn', 'a pond', 'A barn ', 'a road', 'a fence'];
  const lines = ['file,caption', ...captions.map((caption, i) => `${i}.png,${caption}`)];
  writeFileSync(join(data, 'captions.csv'), lines.join('\n'));
  for (const i of captions.keys()) {
    await sharp({
      create: {width: 16, height: 16, channels: 3, background: {r: 50 * i, g: 99, b: 200 - 40 * i}},
    })
      .png()
      .toFile(join(data, `${i}.png`));
  }
});

async function inspect(
  options: Partial<Parameters<typeof inspectLandscape>[0]>,
): Promise<{report: InspectedLandscape; notices: string[]}> {
  const notices: string[] = [];
  const fixed = {models: [model], data, pairs: 8, points: 3, range: 0.5, seed: 0, engine: 'wasm'} as const;
  const work = inspectLandscape({...fixed, ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return {report: value, notices};
    if (value.type === 'notice') notices.push(value.message);
  }
}

describe('inspectLandscape', () => {
  it('has the loss of the model itself in the middle, whatever the directions are', async () => {
    const [{report: first}, {report: second}] = [await inspect({}), await inspect({range: 0.1, points: 5})];
    expect(first.steps).toEqual([-0.5, 0, 0.5]);
    expect(first.models[0]!.losses.map((row) => row.length)).toEqual([3, 3, 3]);
    expect(first.models[0]!.centre).toBe(first.models[0]!.losses[1]![1]);
    expect(second.models[0]!.centre).toBe(first.models[0]!.centre);
    expect(second.models[0]!.losses[0]).not.toEqual(first.models[0]!.losses[0]);
  });

  it('sums up how the loss rises', async () => {
    const {centre, lowest, highest, meanRise, losses} = (await inspect({})).report.models[0]!;
    const all = losses.flat();
    expect([lowest, highest]).toEqual([Math.min(...all), Math.max(...all)]);
    expect(meanRise).toBeCloseTo(all.reduce((sum, loss) => sum + loss - centre, 0) / 9, 12);
  });

  it('takes no caption twice, since equal ones would be wrong answers to each other', async () => {
    expect((await inspect({})).report.pairs).toEqual({origin: data, count: 4});
    expect((await inspect({pairs: 3})).report.pairs.count).toBe(3);
  });

  it('is the same for the same seed and another for another', async () => {
    const losses = async (seed: number) => (await inspect({seed})).report.models[0]!.losses;
    expect(await losses(0)).toEqual(await losses(0));
    expect(await losses(1)).not.toEqual(await losses(0));
  });

  it('draws models side by side', async () => {
    const out = join(root, 'landscape.svg');
    const other = await writeUntrainedClip(join(root, 'other'), 5);
    const {report} = await inspect({models: [model, other], out});
    expect(report.models).toHaveLength(2);
    const svg = readFileSync(out, 'utf8');
    expect(svg).toMatch(/clip: \d\.\d\d to \d\.\d\d/);
    expect(svg).toMatch(/other: \d\.\d\d to \d\.\d\d/);
  });

  it('takes its own drawings when no data is named, and says so', async () => {
    const {notices} = await inspect({data: undefined, pairs: 2});
    expect(notices).toContain(
      'data: none given, so 2 drawings of the toy domain; --data PATH takes your own, which is what counts',
    );
  });

  it('refuses an even number of points, and data with one caption', async () => {
    await expect(inspect({points: 4})).rejects.toThrow('--points: expected an odd number, got 4');
    const one = join(root, 'one');
    mkdirSync(one);
    writeFileSync(join(one, '0.png'), readFileSync(join(data, '0.png')));
    writeFileSync(join(one, 'captions.csv'), 'file,caption\n0.png,a barn');
    await expect(inspect({data: one})).rejects.toThrow(
      `${one}: expected at least 2 different captions, got 1`,
    );
  });
});
