import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {beforeAll, describe, expect, it} from 'vitest';
import type {RunEvent} from '../../src/app/events.js';
import {describeClip} from '../../src/model/checkpoint.js';
import {yamlText} from '../../src/support/yaml-document.js';
import {discs, writeIconSet} from '../support/icon-set-folder.js';
import {runFewclip, type Outcome} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {resultOf, runUntil} from '../support/toy-run.js';

const root = temporaryFolder();
const recipe = join(root, 'discs.yaml');
const straight = join(root, 'straight');
const exported = join(root, 'exported');
const cache = join(root, 'cache');
const env = {FEWCLIP_CACHE: cache};
// the installed engine lies in node_modules: another cache does not hide it
process.env['FEWCLIP_CACHE'] = cache;

const tower = {width: 32, layers: 1, heads: 2};
const content = {
  domain: 'emoji',
  corpus: {
    packages: ['./first', './second'],
    heldOutStyle: './third',
    heldOutShare: 0.3,
    size: 20,
    variants: 2,
    seed: 2,
  },
  model: {
    embedDim: 16,
    image: {size: 16, patch: 8, ...tower},
    text: {context: 16, vocabulary: 560, ...tower},
  },
  train: {steps: 6, batch: 8, learningRate: 1e-3, warmupSteps: 1, checkpointEvery: 2, evaluateEvery: 3},
};

const pretrain = (out: string, ...more: string[]) => [
  'pretrain',
  recipe,
  '--out',
  out,
  '--format',
  'json',
  ...more,
];
const events = ({stdout}: Outcome) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
let outcome: Outcome;

beforeAll(async () => {
  for (const prefix of ['first', 'second', 'third']) {
    writeIconSet(join(root, prefix), {prefix, spdx: 'CC-BY-4.0', icons: discs});
  }
  writeFileSync(recipe, yamlText(content));
  outcome = await runFewclip(pretrain(straight, '--export', exported), {env});
  expect(outcome.exit, outcome.stderr).toBe(0);
});

describe('fewclip pretrain', () => {
  it('draws the corpus once, trains, and measures before, on the way and after', async () => {
    expect(outcome.stderr).toContain('drawing: ');
    const measured = events(outcome).filter((event) => event.type === 'evaluation');
    expect(measured.map(({moment, step}) => [moment, step])).toEqual([
      ['before', 0],
      ['during', 3],
      ['after', 6],
    ]);
    const names = Object.keys(measured[1]!.metrics);
    expect(names).toContain('retrieval.held-out-concepts.image_to_text.R@1');
    expect(names).toContain('retrieval.held-out-style.image_to_text.R@1');
    const again = await runFewclip(['pretrain', recipe, '--corpus-only'], {env});
    expect(again.stderr).not.toContain('drawing: ');
    expect(again.stdout).toContain('first@1.0.0: 12 pictures, The first set by A. Drawer, CC-BY-4.0');
    expect(again.stdout).toContain(
      'third@1.0.0: 12 pictures, The third set by A. Drawer, CC-BY-4.0 (measured on)',
    );
  });

  it('leaves an ordinary run, and the untrained model that it began with', () => {
    const files = readdirSync(straight);
    for (const name of ['plan.json', 'events.ndjson', 'checkpoints', 'model', 'result.json']) {
      expect(files).toContain(name);
    }
    expect(files.filter((name) => name.startsWith('start-'))).toHaveLength(1);
    expect(readdirSync(join(straight, 'evaluations')).sort()).toEqual([
      'after.items.json',
      'after.json',
      'before.items.json',
      'before.json',
      'step-000003.json',
    ]);
  });

  it('exports the model in float16 with the licences of what it was trained on', async () => {
    expect(readdirSync(exported).sort()).toEqual([
      'config.json',
      'corpus.json',
      'merges.txt',
      'model.safetensors',
      'preprocessor_config.json',
      'vocab.json',
    ]);
    expect((await describeClip(exported)).dtype).toBe('F16');
    const {licences} = JSON.parse(readFileSync(join(exported, 'corpus.json'), 'utf8')) as {
      licences: {licence: string}[];
    };
    expect(licences.map(({licence}) => licence)).toEqual(Array(3).fill('CC-BY-4.0'));
    const {exit, stderr} = await runFewclip(
      ['eval', '--model', exported, '--data', 'domain:toy', '--task', 'retrieval'],
      {env},
    );
    expect(exit, stderr).toBe(0);
  });

  it('a run that was killed goes on to the same bits', async () => {
    const out = join(root, 'killed');
    const ended = await runUntil(
      pretrain(out),
      (event) => event.type === 'step' && event.step === 3,
      (child) => child.kill('SIGKILL'),
    );
    expect(ended.signal).toBe('SIGKILL');
    for (let i = 0; i < 300 && existsSync(join(out, 'lock.json')); i++) await sleep(100);
    const {exit, stderr} = await runFewclip(pretrain(out, '--resume'), {env});
    expect(exit, stderr).toBe(0);
    expect(resultOf(out).weightsSha256).toBe(resultOf(straight).weightsSha256);
  });

  it('another recipe does not go on with the run', async () => {
    const {exit, stderr} = await runFewclip(pretrain(straight, '--resume', '--set', 'model.image.layers=2'), {
      env,
    });
    expect(exit).toBe(8);
    expect(stderr).toContain('expected the plan of the run that is resumed, got another');
  });

  it('an icon set that is not under a friendly licence ends it before anything is drawn', async () => {
    writeIconSet(join(root, 'third'), {prefix: 'third', spdx: 'CC-BY-SA-4.0', icons: discs});
    const {exit, stderr} = await runFewclip(pretrain(join(root, 'refused')), {env});
    expect(exit).toBe(3);
    expect(stderr).toContain('licence of the pictures: expected one of Apache-2.0');
    expect(existsSync(join(root, 'refused'))).toBe(false);
  });
});
