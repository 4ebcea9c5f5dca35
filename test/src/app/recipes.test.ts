import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openRecipe} from '../../../src/app/open-recipe.js';
import {checkRecipe, initRecipe, showRecipe} from '../../../src/app/recipes.js';
import {folderOf} from '../../support/files-on-disk.js';

const faulty = `domain: remote-sensin
model: ViT-B-32/opnai
stpes: 20
batch: 1
method: s-clip
params: {transprot: ot, planGrad: maybe}
with:
  - {name: lora, wieght: 2}
compare:
  methods:
    - sclip
    - {name: clip, label: ../up}
  sedes: [0]
expect: {minutes: 1, figures: {acc: {value: 0.5, tolerence: 0.1}}}
`;

describe('checkRecipe', () => {
  it('names every fault at once with line and column, and makes nothing', async () => {
    const folder = await folderOf({'r.yaml': faulty});
    const path = join(folder, 'r.yaml');
    const started = performance.now();
    const {faults} = await checkRecipe(path, []);
    expect(performance.now() - started).toBeLessThan(5000);
    const told = faults.map((fault) => fault.replaceAll(path, 'r').replace(/\(known: .*\)/, '(known)'));
    expect(told).toEqual([
      'r:1:1: domain: expected a known domain, got remote-sensin (known)',
      'r:2:1: model: expected a folder, bundled, hf:owner/name or a known name such as ViT-B-32/openai, got ViT-B-32/opnai ' +
        '(did you mean ViT-B-32/openai?)',
      'r:3:1: expected a known key, got stpes (did you mean steps?)',
      'r:4:1: batch: expected >= 2, got 1',
      'r:6:10: expected a known key, got transprot (did you mean transport?)',
      'r:6:25: planGrad: expected stop or through, got "maybe"',
      'r:8:18: with.0: expected a known key, got wieght (did you mean weight?)',
      'r:11:7: expected a known method, got sclip (known)',
      'r:12:20: compare.methods.1.label: expected letters, digits, . _ -, got "../up"',
      'r:13:3: compare: expected a known key, got sedes (did you mean seeds?)',
      'r:14:32: expect.figures.acc.tolerance: expected number, got nothing',
      'r:14:50: expect.figures.acc: expected a known key, got tolerence (did you mean tolerance?)',
    ]);
    expect(readdirSync(folder)).toEqual(['r.yaml']);
  });

  it('names the setting where the fault is in a setting', async () => {
    const path = join(await folderOf({'r.yaml': 'model: ViT-B-32/openai\n'}), 'r.yaml');
    const {faults} = await checkRecipe(path, ['batch=1', 'params.transport=maybe', 'stpes=1']);
    expect(faults).toEqual([
      '--set batch: batch: expected >= 2, got 1',
      '--set stpes: expected a known key, got stpes (did you mean steps?)',
      '--set params.transport: transport: expected ot or soft or hard, got "maybe"',
    ]);
  });

  it('tells data that is not there apart from faults', async () => {
    const text =
      'model: ../clip\ncaptioned: pairs.tar?caption-key=alt#train\nunpaired: domain:toy\nsteps: 5\n';
    const folder = await folderOf({'r.yaml': text});
    const {faults, missing} = await checkRecipe(join(folder, 'r.yaml'), []);
    expect(faults).toEqual([]);
    expect(missing).toEqual([join(folder, 'pairs.tar'), join(folder, '..', 'clip')]);
  });

  it('of a file that is no recipe says so', async () => {
    const folder = await folderOf({'list.yaml': '- a\n', 'broken.yaml': 'a: [1\nb: "x\n'});
    expect((await checkRecipe(join(folder, 'list.yaml'), [])).faults[0]).toMatch(
      /expected a mapping of keys/,
    );
    expect((await checkRecipe(join(folder, 'broken.yaml'), [])).faults[0]).toMatch(/:\d+:\d+: expected YAML/);
    expect((await checkRecipe('ucm-smal', [])).faults[0]).toMatch(
      /^recipe: expected a file or a known recipe, got ucm-smal \(known: .*did you mean ucm-small\?\)$/,
    );
  });
});

it('paths of a file are relative to it, those of settings to the working folder', async () => {
  const text =
    'model: ./clip\ndomain: ./my.yaml\ncaptioned: a.tar\nkeywords: class-names:ucm\nevaluate: [b.tar#val]\n';
  const folder = await folderOf({'r.yaml': text});
  const {content} = await openRecipe(join(folder, 'r.yaml'), ['unpaired=c.tar', 'model=./mine']);
  expect(content).toEqual({
    model: './mine',
    domain: join(folder, 'my.yaml'),
    captioned: join(folder, 'a.tar'),
    keywords: 'class-names:ucm',
    evaluate: [join(folder, 'b.tar#val')],
    unpaired: 'c.tar',
  });
});

it('files that parameters name with a dot are relative to the recipe too', async () => {
  const text =
    'model: hf:a/b\nparams: {regions: ./r.jsonl, softSource: detector}\n' +
    'with: [{name: fd, params: {teacher: ../t.safetensors}}]\ncompare: {methods: [{name: fd, params: {teacher: ./u}}]}\n';
  const folder = await folderOf({'r.yaml': text});
  const {content} = await openRecipe(join(folder, 'r.yaml'));
  expect(content).toMatchObject({
    params: {regions: join(folder, 'r.jsonl'), softSource: 'detector'},
    with: [{name: 'fd', params: {teacher: join(folder, '../t.safetensors')}}],
    compare: {methods: [{name: 'fd', params: {teacher: join(folder, 'u')}}]},
  });
});

it('shows a recipe as written, or with settings as YAML that is the same recipe', async () => {
  const path = join(await folderOf({'r.yaml': '# remark\nmodel: hf:a/b\nsteps: 5\n'}), 'r.yaml');
  expect((await showRecipe(path, [])).text).toBe('# remark\nmodel: hf:a/b\nsteps: 5\n');
  expect((await showRecipe(path, ['steps=7'])).text).toBe('model: hf:a/b\nsteps: 7\n');
});

describe('initRecipe', () => {
  it('writes a recipe that checks, and never over a file', async () => {
    const file = join(await folderOf({}), 'mine.yaml');
    await initRecipe(file, ['about="Birds, few captions."', 'model=ViT-B-32/openai', 'steps=20']);
    expect((await checkRecipe(file, [])).faults).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(
      `# fewclip recipes run ${file}\nabout: Birds, few captions.\nmodel: ViT-B-32/openai\nsteps: 20\n`,
    );
    await expect(initRecipe(file, ['model=a'])).rejects.toThrow(
      `${file}: expected no such file yet, got one`,
    );
  });

  it('refuses what would be no recipe', async () => {
    const file = join(await folderOf({}), 'mine.yaml');
    await expect(initRecipe(file, ['model=a', 'stpes=20'])).rejects.toThrow(
      '--set stpes: expected a known key, got stpes (did you mean steps?)',
    );
    await expect(initRecipe('mine.txt', [])).rejects.toThrow('mine.txt: expected a file name with .yaml');
  });
});
