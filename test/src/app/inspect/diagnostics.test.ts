import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {inspectAttention} from '../../../../src/app/inspect/attention.js';
import {inspectDistance} from '../../../../src/app/inspect/distance.js';
import {inspectEquivariance} from '../../../../src/app/inspect/equivariance.js';
import {saveClip} from '../../../../src/model/checkpoint.js';
import {randomModel} from '../../../../src/model/random-model.js';
import {writeFileSync} from 'node:fs';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {untrainedConfig, writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();
const photos = join(root, 'photos');
let model: string;
let other: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  other = await writeUntrainedClip(join(root, 'other'), 5);
  mkdirSync(photos);
  for (let i = 0; i < 4; i++) {
    const half = await sharp({
      create: {width: 8, height: 16, channels: 3, background: {r: 60 * i, g: 9, b: 80}},
    })
      .png()
      .toBuffer();
    await sharp({create: {width: 16, height: 16, channels: 3, background: {r: 200, g: 50 * i, b: 40}}})
      .composite([{input: half, left: 0, top: 0}])
      .png()
      .toFile(join(photos, `${i}.png`));
  }
});

type Options = Parameters<typeof inspectAttention>[0];

async function finish<T>(
  inspect: (options: Options) => AsyncGenerator<{type: string; message?: string}, T>,
  options: Partial<Options>,
): Promise<{report: T; notices: string[]}> {
  const notices: string[] = [];
  const work = inspect({models: [model], images: photos, limit: 64, engine: 'cpu', ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return {report: value, notices};
    if (value.type === 'notice') notices.push(value.message!);
  }
}

describe('inspectAttention, inspectDistance and inspectEquivariance', () => {
  it('average over the images: two images by themselves give what both give', async () => {
    const measure = async (path: string) => {
      const {layers} = (await finish(inspectAttention, {images: path})).report.models[0]!;
      const distances = (await finish(inspectDistance, {images: path})).report.models[0]!;
      return [layers[0]!.flattened, layers[0]!.perQuery, ...distances.layers[0]!.heads];
    };
    const all = await measure(photos);
    const each = await Promise.all([0, 1, 2, 3].map((i) => measure(join(photos, `${i}.png`))));
    all.forEach((value, k) => expect(value).toBeCloseTo(each.reduce((sum, own) => sum + own[k]!, 0) / 4, 8));
  });

  it('have a number for each head, within what the grid allows', async () => {
    const {report} = await finish(inspectDistance, {});
    const [measured] = report.models;
    expect(measured).toMatchObject({imageSize: 16, patchSize: 8});
    const {heads, mean} = measured!.layers[0]!;
    expect(heads).toHaveLength(2);
    // four patches of 8 pixels: 0 for a head that sees itself, 8 * sqrt(2) for one that sees the opposite corner
    for (const distance of heads) expect(distance).toBeGreaterThan(0);
    for (const distance of heads) expect(distance).toBeLessThan(8 * Math.SQRT2);
    expect(mean).toBeCloseTo((heads[0]! + heads[1]!) / 2, 12);
    expect(report.images).toEqual({origin: photos, count: 4, total: 4});
  });

  it('put several models side by side, each as it is alone', async () => {
    const both = (await finish(inspectEquivariance, {models: [model, other]})).report;
    const alone = (await finish(inspectEquivariance, {models: [other]})).report;
    expect(both.models.map((one) => one.model)).toEqual([model, other]);
    expect(both.models[1]).toEqual(alone.models[0]);
    expect(both.models[0]!.layers).not.toEqual(both.models[1]!.layers);
  });

  it('look at a part of a large set, spread over it', async () => {
    const {report} = await finish(inspectAttention, {limit: 2});
    expect(report.images).toEqual({origin: photos, count: 2, total: 4});
  });

  it('draw their own images when none are named, and say so', async () => {
    const {report, notices} = await finish(inspectAttention, {images: undefined, limit: 3});
    expect(report.images).toMatchObject({origin: 'domain:toy', count: 3});
    expect(notices).toContain(
      'images: none given, so 3 drawings of the toy domain; --images PATH takes your own, which is what counts',
    );
  });

  it('draw charts that name every model', async () => {
    for (const [inspect, name] of [
      [inspectAttention, 'heads'],
      [inspectDistance, 'distance'],
    ] as const) {
      const out = join(root, `${name}.svg`);
      await finish<unknown>(inspect, {models: [model, other], out});
      const svg = readFileSync(out, 'utf8');
      expect(svg).toContain('clip</text>');
      expect(svg).toContain('other</text>');
    }
    const maps = join(root, 'maps.png');
    await finish(inspectEquivariance, {models: [model, other], out: maps});
    expect((await sharp(maps).stats()).channels[0]!.stdev).toBeGreaterThan(20);
  });

  it('refuse a ResNet in one sentence', async () => {
    const folder = join(root, 'resnet');
    const config = {
      ...untrainedConfig,
      preprocess: {...untrainedConfig.preprocess, size: 32},
      vision: {kind: 'resnet', imageSize: 32, stageBlocks: [1, 1, 1, 1], width: 2, heads: 4},
    } as const;
    await saveClip(randomModel(config, 0), folder, {layout: 'open_clip', dtype: 'F32'});
    for (const file of ['vocab.json', 'merges.txt'])
      writeFileSync(join(folder, file), readFileSync(join(model, file)));
    await expect(finish(inspectDistance, {models: [folder]})).rejects.toThrow(
      `${folder}: expected a vision transformer, whose layers attend from patch to patch, got a ResNet`,
    );
  });
});
