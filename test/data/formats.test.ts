import {createHash} from 'node:crypto';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const shared = (path: string) => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));
const root = temporaryFolder();
const fewclip = async (args: readonly string[]) => {
  const {exit, stdout, stderr} = await runFewclip([...args, '--format', 'json'], {cwd: root});
  expect(exit, stderr).toBe(0);
  return stdout;
};

/** Trains two steps on a set, in a run folder that is named after the hash of the plan. */
async function trained(set: string) {
  const runs = join(root, 'runs', set.replaceAll(/\W/g, '-'));
  const data = ['--captioned', `${set}#train`, '--unpaired', `${set}#val`];
  const how = [
    '--model',
    shared('models/tiny-clip-rs'),
    '--domain',
    'remote-sensing',
    '--steps',
    '2',
    '--batch',
    '8',
  ];
  const plan = await fewclip(['adapt', ...data, ...how, '--dry-run']);
  await fewclip(['adapt', ...data, ...how, '--out', runs]);
  const model = join(runs, 'model');
  const weights = readdirSync(model).find((file) => file.endsWith('.safetensors'))!;
  const {path} = JSON.parse(plan) as {path: string};
  return {
    plan: path,
    weights: createHash('sha256')
      .update(readFileSync(join(model, weights)))
      .digest('hex'),
  };
}

it('a run on the same set in five formats has one plan and the same bits', async () => {
  await fewclip([
    ...[
      'data',
      'split',
      `${shared('data/ucm.tar')}#train`,
      '--shots',
      '2',
      '--to',
      'json-lines',
      '--out',
      'few',
    ],
    ...['--names', 'train,val'],
  ]);
  await fewclip([
    'data',
    'split',
    'few#train',
    '--ratio',
    '0.6',
    '--names',
    'train,val',
    '--to',
    'csv',
    '--out',
    'csv',
  ]);
  const expected = await trained('csv');
  expect(expected.plan).toMatch(/s-clip-[0-9a-f]{10}$/);
  for (const format of ['pairs', 'parquet', 'webdataset', 'karpathy']) {
    await fewclip(['data', 'convert', 'csv', '--to', format, '--out', format]);
    expect([format, await trained(format)]).toEqual([format, expected]);
  }
});
