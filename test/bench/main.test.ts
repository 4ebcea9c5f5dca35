import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {trainOptions} from '../../bench/benches/train.js';
import type {TrainFigures} from '../../bench/train/report.js';
import {runBench} from '../support/run-bench.js';

describe('npm run bench', () => {
  it('without a name lists every bench of the folder with one line', async () => {
    const files = await readdir(fileURLToPath(new URL('../../bench/benches', import.meta.url)));
    const {exit, stdout} = await runBench();
    expect(exit).toBe(0);
    const listed = stdout.split('\n').flatMap((line) => /^ {2}(\w+) +\S/.exec(line)?.[1] ?? []);
    expect(listed).toEqual(files.map((file) => file.replace('.ts', '')).sort());
  });

  it('refuses an unknown bench, naming the nearest', async () => {
    const {exit, stderr} = await runBench('trian');
    expect(exit).toBe(2);
    expect(stderr).toContain('bench: bench: expected a known bench, got trian (known: ');
    expect(stderr).toContain('did you mean train?');
  });

  it('refuses an unknown option and shows where the options are', async () => {
    const {exit, stderr} = await runBench('start', '--fast');
    expect(exit).toBe(2);
    expect(stderr).toContain("start: Unknown option '--fast'");
    expect(stderr).toContain('Try this: npm run bench -- start --help');
  });

  it('times our own step without Python, with rows cut and not, and keeps the figures', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fewclip-bench-test-'));
    try {
      const json = join(folder, 'figures.json');
      const only = ['--precision', 'fp32', '--method', 's-clip', '--contenders', 'ours,ours-trimmed'];
      const {exit, stdout, stderr} = await runBench('train', '--quick', ...only, '--json', json);
      expect(stderr).not.toContain('expected');
      expect(exit).toBe(0);
      expect(stdout).toContain('tiny, s-clip, batch 4, fp32, cpu');
      const {figures, machine} = JSON.parse(readFileSync(json, 'utf8')) as {
        figures: TrainFigures[];
        machine: {cores: number};
      };
      expect(machine.cores).toBeGreaterThan(0);
      expect(figures[0]!.contenders.map(({name}) => name)).toEqual(['ours', 'ours-trimmed']);
      for (const {pairsPerSecond} of figures[0]!.contenders) expect(pairsPerSecond.low).toBeGreaterThan(0);
    } finally {
      rmSync(folder, {recursive: true});
    }
  }, 180_000);
});

describe('the options of bench train', () => {
  it('are by default everything, both methods and both precisions', () => {
    const {cases, precisions, canCompile} = trainOptions({});
    expect(cases).toContainEqual({model: 'ViT-B-32', method: 'clip', batch: 32});
    expect(cases).toHaveLength(10);
    expect(precisions).toEqual(['fp32', 'bf16']);
    expect(canCompile).toBe(true);
  });

  it('take lists', () => {
    const {cases} = trainOptions({model: 'tiny,RN50', method: 'clip', batch: '2,4'});
    expect(cases.map(({model, batch}) => `${model} ${batch}`)).toEqual([
      'tiny 2',
      'tiny 4',
      'RN50 2',
      'RN50 4',
    ]);
  });

  it.each([
    [{model: 'ViT-B32'}, /^--model: expected a known model, got ViT-B32 .*did you mean ViT-B-32\?/],
    [{batch: '0'}, /^--batch: expected a whole number >= 1, got 0$/],
    [{rounds: 'two'}, /^--rounds: expected a whole number >= 1, got two$/],
    [{precision: 'fp16'}, /^--precision: expected fp32 or bf16, got fp16$/],
  ])('refuse %o', (values, message) => {
    expect(() => trainOptions(values)).toThrow(message);
  });
});
