import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const data = join(root, 'farm');
let model: string;
let base: string[];

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  base = ['eval', '--model', model, '--data', data, '--engine', 'cpu'];
  mkdirSync(join(data, 'images'), {recursive: true});
  const rows = Array.from({length: 6}, (_, i) => ({
    file: `${i}.png`,
    class: ['cow', 'redBarn'][i % 2],
    captions: [`picture ${i % 4}`, 'a farm'],
  }));
  for (const [i, {file}] of rows.entries()) {
    const background = {r: i * 40, g: 200 - i * 30, b: 90};
    await sharp({create: {width: 20, height: 20, channels: 3, background}})
      .png()
      .toFile(join(data, 'images', file));
  }
  writeFileSync(join(data, 'manifest.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});

describe('fewclip eval', () => {
  it('prints a page with percents and intervals; progress goes to stderr', async () => {
    const {exit, stdout, stderr} = await runFewclip([...base, '--per-class']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/ on farm: 6 images, \d+\.\d s\n/);
    expect(stdout).toMatch(/top-1 accuracy +\d+\.\d \[\d+\.\d, \d+\.\d\]/);
    expect(stdout).toContain('Retrieval, 12 captions (5 distinct)');
    expect(stdout).toContain('red barn');
    expect(stderr).toContain('images: 6 of 6');
  });

  it('prints one JSON document in the schema of CLIP_benchmark and writes the same to --out', async () => {
    const out = join(root, 'deep', 'result.json');
    const {exit, stdout} = await runFewclip([...base, '--format', 'json', '--out', out, '--seed', '5']);
    expect(exit).toBe(0);
    const record = JSON.parse(stdout) as Record<string, unknown>;
    expect(record).toMatchObject({
      dataset: 'farm',
      model: 'clip',
      pretrained: model,
      task: 'zeroshot_classification+zeroshot_retrieval',
      language: 'en',
      method: 'zero-shot',
      seed: 5,
    });
    expect(Object.keys(record['metrics'] as object)).toEqual(
      expect.arrayContaining(['acc1', 'acc5', 'mean_per_class_recall', 'image_retrieval_recall@5']),
    );
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(record);
  });

  it('prints nothing but errors when quiet', async () => {
    const {exit, stdout, stderr} = await runFewclip([...base, '--format', 'quiet', '--task', 'retrieval']);
    expect([exit, stdout, stderr]).toEqual([0, '', '']);
  });

  it('compares with a baseline on the same images; a model is no better than itself', async () => {
    const {exit, stdout} = await runFewclip([
      ...base,
      '--baseline',
      model,
      '--task',
      'zeroshot',
      '--format',
      'json',
    ]);
    expect(exit).toBe(0);
    const {baseline, metrics} = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
    expect(baseline).toMatchObject({
      pretrained: model,
      metrics,
      difference: {acc1: 0, mean_per_class_recall: 0},
      difference_ci95: {acc1: [0, 0], mean_per_class_recall: [0, 0]},
    });
  });

  it('takes templates from a file', async () => {
    const file = join(root, 'templates.txt');
    writeFileSync(file, '# prompts\n\na photo of {}.\n{} from above\n');
    const {stdout} = await runFewclip([
      ...base,
      '--task',
      'zeroshot',
      '--templates',
      file,
      '--format',
      'json',
    ]);
    const {zeroshot} = JSON.parse(stdout) as {zeroshot: {templates: string[]}};
    expect(zeroshot.templates).toEqual(['a photo of {}.', '{} from above']);
  });
});

describe('fewclip eval refuses', () => {
  it.each([
    ['an unknown domain', ['--domain', 'mooon'], 2, 'domain: expected a known domain, got mooon'],
    ['labels that the domain does not know', ['--domain', 'toy'], 3, 'of domain toy, got cow, redBarn'],
    ['an unknown class set', ['--classes', 'lables'], 2, '--classes: expected a class set, got lables'],
    [
      'a template without a gap',
      ['--templates', 'a photo'],
      2,
      '--templates: expected a text with {} or a file, got a photo',
    ],
    ['an unknown split', ['--split', 'vall'], 2, 'vall'],
    ['an unknown task', ['--task', 'zero'], 2, '--task'],
    ['a batch of nothing', ['--batch', '0'], 2, '--batch'],
  ])('%s', async (_, flags, expected, message) => {
    const out = join(root, 'refused.json');
    const {exit, stdout, stderr} = await runFewclip([...base, ...flags, '--out', out]);
    expect(stderr).toContain(message);
    expect(exit).toBe(expected);
    expect(stdout).toBe('');
    expect(existsSync(out)).toBe(false);
  });

  it('data that is not there', async () => {
    const {exit, stderr} = await runFewclip(['eval', '--model', model, '--data', join(root, 'nowhere')]);
    expect([exit, stderr]).toEqual([3, expect.stringContaining('nowhere')]);
  });

  it('a folder as --out, before any work', async () => {
    const {exit, stderr} = await runFewclip([...base, '--out', root]);
    expect(exit).toBe(2);
    expect(stderr).toContain(`--out: expected a file, got the folder ${root}`);
    expect(stderr).not.toContain('images:');
  });

  it('to go without a model, in JSON with --format json', async () => {
    const {exit, stdout} = await runFewclip(['eval', '--data', data, '--format', 'json']);
    expect(exit).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({type: 'error', exit: 2});
  });
});
