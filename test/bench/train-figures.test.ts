import {describe, expect, it} from 'vitest';
import {heatOf, type TrainContender} from '../../bench/train/contenders.js';
import {trainingFlops} from '../../bench/train/flops.js';
import type {TrainedContender} from '../../bench/train/heat.js';
import {benchModel} from '../../bench/train/models.js';
import {figuresOf, figuresText} from '../../bench/train/report.js';

const {config} = benchModel('tiny');
const texts = [{rows: 8, full: 32, longest: 20}];
const subject = {
  model: 'tiny',
  method: 's-clip',
  batch: 8,
  precision: 'fp32',
  device: 'cpu',
  config,
  texts,
} as const;

const rates: Readonly<Record<string, readonly number[]>> = {
  torch: [1, 2],
  'torch-compiled': [1.25, 2],
  ours: [2.5, 5],
  'ours-trimmed': [4, 10],
};

function trained(contender: TrainContender): TrainedContender {
  return {
    contender,
    versions: {},
    readySeconds: 2,
    firstStepSeconds: 3,
    stepsPerSecond: rates[contender.name]!,
    matmulGflops: contender.name === 'torch' ? [300, 310] : [],
    peakBytes: contender.side === 'ours' ? 3e9 : 4e9,
    stepPeakBytes: 2e9,
  };
}

const figures = figuresOf(subject, heatOf('fp32', {isResNet: false, canCompile: true}).map(trained));
const of = (name: string) => figures.contenders.find((one) => one.name === name)!;

describe('the figures of a heat', () => {
  it('pairs are steps times batch', () => {
    expect(of('ours').pairsPerSecond).toEqual({median: 30, low: 20, high: 40});
  });

  it('ratios are medians over rounds, to PyTorch eager and to the fastest PyTorch', () => {
    expect(of('ours').toReference).toEqual({median: 2.5, low: 2.5, high: 2.5});
    expect(of('ours').toBestPeer).toEqual({median: 2.25, low: 2, high: 2.5});
    expect(of('torch-compiled').toBestPeer).toBeNull();
  });

  it('arithmetic is that of the rows which are really computed, with both kinds of images', () => {
    const flops = (length: number) => trainingFlops(config, {images: 16, texts: [{rows: 8, length}]});
    expect(of('ours').gflops.high).toBeCloseTo((5 * flops(32)) / 1e9);
    expect(of('ours-trimmed').gflops.high).toBeCloseTo((10 * flops(20)) / 1e9);
  });

  it('memory is relative to PyTorch eager', () => {
    expect(of('ours').peakToReference).toBe(0.75);
  });

  it('are shown with the product that was measured beside them', () => {
    const text = figuresText(figures);
    expect(text).toContain('tiny, s-clip, batch 8, fp32, cpu');
    expect(text).toMatch(/\| ours +\| 30.0 \(20.0-40.0\) \| 2.50 \(2.50-2.50\) \| 2.25 \(2.00-2.50\) \|/);
    expect(text).toContain('GFLOP/s of a product of 2048 x 2048 matrices: torch 305 (300-310)');
  });
});
