import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {EmbedFigures} from '../../bench/embed/report.js';
import type {TrainFigures} from '../../bench/train/report.js';
import {inTemporaryFolder} from '../support/parity-python.js';
import {runBench} from '../support/run-bench.js';

/** Runs a bench and reads the figures that it kept; a bench fails when the two sides compute different things. */
async function figuresOf<T>(...args: readonly string[]): Promise<readonly T[]> {
  let figures: readonly T[] = [];
  await inTemporaryFolder(async (folder) => {
    const json = join(folder, 'figures.json');
    const {exit, stderr} = await runBench(...args, '--json', json);
    expect(exit, stderr).toBe(0);
    ({figures} = JSON.parse(readFileSync(json, 'utf8')) as {figures: readonly T[]});
  });
  return figures;
}

describe('the benches beside PyTorch, at their smallest', () => {
  it.each(['fp32', 'bf16'])(
    'train, %s: losses, terms and gradients agree, and all take part',
    async (precision) => {
      const heats = await figuresOf<TrainFigures>('train', '--quick', '--precision', precision);
      expect(heats.map(({method}) => method)).toEqual(['s-clip', 'clip']);
      const suffix = precision === 'bf16' ? '-bf16' : '';
      for (const {contenders} of heats) {
        const names = contenders.map(({name}) => name);
        expect(names).toEqual(expect.arrayContaining(['torch', `torch${suffix}`, `ours${suffix}`]));
        for (const {pairsPerSecond} of contenders) expect(pairsPerSecond.low).toBeGreaterThan(0);
      }
    },
  );

  it('train: a ResNet in both layouts', async () => {
    const size = ['--model', 'RN50', '--batch', '2', '--rounds', '1', '--steps', '1'];
    const only = ['--method', 'clip', '--precision', 'fp32', '--no-compile'];
    const [heat] = await figuresOf<TrainFigures>('train', ...size, ...only);
    expect(heat!.contenders.map(({name}) => name)).toContain('torch-channels-last');
  });

  it('embed: features agree', async () => {
    const [figures] = await figuresOf<EmbedFigures>(
      'embed',
      '--quick',
      '--model',
      'ViT-B-32',
      '--count',
      '32',
    );
    expect(figures!.contenders).toHaveLength(4);
    expect(figures!.toBestPeer.images.low).toBeGreaterThan(0);
  });

  it('gpu: the same script runs on a processor', async () => {
    const [heat] = await figuresOf<TrainFigures>('gpu', '--device', 'cpu', '--quick', '--method', 'clip');
    expect(heat!.contenders.map(({name}) => name)).toEqual(['torch', 'ours', 'ours-trimmed']);
  });
});
