import {appendFileSync, cpSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {explainPlan} from '../../../../src/app/explain.js';
import {makePlan} from '../../../../src/app/make-plan.js';
import {openTrainingData} from '../../../../src/app/training/training-data.js';
import {writeSafetensors} from '../../../../src/model/safetensors.js';
import {planHash, type Plan} from '../../../../src/recipe/plan.js';
import {requestSchema} from '../../../../src/recipe/request.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();
const model = join(root, 'model');
const other = join(root, 'other');
let ids: string[] = [];

beforeAll(async () => {
  await writeUntrainedClip(model);
  cpSync(model, other, {recursive: true});
  const pool = {path: 'domain:toy', split: undefined};
  const {captioned, unpaired} = await openTrainingData({
    ...{captioned: pool.path, split: undefined, labelRatio: undefined, unpaired: pool, seed: 0},
  });
  ids = [...captioned, ...unpaired].map(({image}) => image.id);
});

const planned = (request: object): Promise<Plan> =>
  makePlan(requestSchema.parse({model, domain: 'toy', batch: 4, steps: 3, ...request}), () => {});

/** Token maps of all images of the toy data. */
async function maps(name: string, tokens: number, of: readonly string[] = ids): Promise<string> {
  const path = join(root, name);
  const shape = [of.length, tokens, 6];
  const data = Float32Array.from({length: of.length * tokens * 6}, (_, i) => Math.sin(i));
  const metadata = {images: JSON.stringify(of)};
  await writeSafetensors(path, [{name: 'tokens', value: () => ({shape, data})}], {metadata});
  return path;
}

function regions(name: string, of: readonly string[]): string {
  const path = join(root, name);
  const lines = of.map((image, i) =>
    JSON.stringify({
      image,
      features: [
        [i, 1],
        [2, i],
      ],
      tags: ['a thing', 'another'],
    }),
  );
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe('a teacher', () => {
  it('by its tokens in a file gives a batch the maps of its images, and sees them whole', async () => {
    const path = await maps('maps.safetensors', 5);
    const plan = await planned({method: 'fd', params: {teacher: path}});
    expect(plan.outside).toEqual([
      {method: 'fd', name: 'teacher', path, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string},
    ]);
    const {batch, extras, cost, constants} = await explainPlan(plan);
    const shapes = Object.fromEntries(batch.map(({name, shape}) => [name, shape]));
    expect(shapes['fd/side.paired.teacher.values']).toEqual([4, 5, 6]);
    expect(shapes['fd/view.paired.whole']).toEqual([4, 16, 16, 3]);
    expect(extras.find(({name}) => name === 'fd/weight')!.shape[0]).toBe(6);
    expect(cost!.flops).toBeGreaterThan(0);
    expect(constants).toBe(0);
  });

  it('that is another CLIP is read as constants', async () => {
    const alone = await explainPlan(await planned({method: 'fd-scratch'}));
    const taught = await explainPlan(await planned({method: 'fd-scratch', params: {teacher: other}}));
    // in the place of the model before the run, not beside it
    expect(alone.constants).toBeGreaterThan(0);
    expect(taught.constants).toBe(alone.constants);
    expect(taught.extras).toEqual(alone.extras);
  });

  it('with other places than the model is refused in one sentence', async () => {
    const path = await maps('wide.safetensors', 50);
    await expect(planned({method: 'fd', params: {teacher: path}})).rejects.toThrow(
      'fd: expected a teacher with 4 tokens, or 5 with a class token for an image as the model has, got 50',
    );
  });

  it('without the tokens of an image is refused by its name', async () => {
    const path = await maps('few.safetensors', 5, ids.slice(1));
    await expect(planned({method: 'fd', params: {teacher: path}})).rejects.toThrow(
      `${path}: expected an entry for ${ids[0]}, got none among ${ids.length - 1}, such as ${ids[1]}`,
    );
  });
});

describe('regions', () => {
  it('of every captioned image are read with their tags', async () => {
    const path = regions('regions.jsonl', ids);
    const {batch} = await explainPlan(
      await planned({method: 'softclip', params: {softSource: 'detector', regions: path}}),
    );
    const shapes = Object.fromEntries(batch.map(({name, shape}) => [name, shape]));
    expect(shapes['softclip/side.paired.regions.values']).toEqual([4, 2]);
    expect(shapes['softclip/side.paired.regions.end']).toEqual([4]);
  });

  it('decide the run by their content, wherever they lie', async () => {
    const params = (path: string) => ({method: 'softclip', params: {softSource: 'detector', regions: path}});
    const path = regions('first.jsonl', ids);
    const plan = await planned(params(path));
    const elsewhere = {...plan, outside: plan.outside.map((one) => ({...one, path: '/elsewhere'}))};
    expect(planHash(elsewhere)).toBe(planHash(plan));
    appendFileSync(path, '\n');
    expect(planHash(await planned(params(path)))).not.toBe(planHash(plan));
    await expect(explainPlan(plan)).rejects.toThrow(
      `${path}: expected the file that the run was planned with, got another`,
    );
  });
});
