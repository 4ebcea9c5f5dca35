import {describe, expect, it} from 'vitest';
import {
  checkContenderNames,
  chosenContenders,
  contenderCommand,
  heatOf,
} from '../../bench/train/contenders.js';

const names = (...heat: Parameters<typeof heatOf>) => heatOf(...heat).map(({name}) => name);

describe('the contenders of a heat', () => {
  it('are of one precision, with PyTorch eager in fp32 as the reference', () => {
    expect(names('fp32', {isResNet: false, canCompile: true})).toEqual([
      'torch',
      'torch-compiled',
      'ours',
      'ours-trimmed',
    ]);
    expect(names('bf16', {isResNet: false, canCompile: true})).toEqual([
      'torch',
      'torch-bf16',
      'torch-bf16-compiled',
      'ours-bf16',
      'ours-bf16-trimmed',
    ]);
  });

  it('a ResNet is run in both layouts', () => {
    expect(names('fp32', {isResNet: true, canCompile: false})).toEqual([
      'torch',
      'torch-channels-last',
      'ours',
      'ours-trimmed',
    ]);
  });

  it('can be chosen by name; an unknown one is refused with the nearest', () => {
    const heat = heatOf('fp32', {isResNet: false, canCompile: true});
    expect(chosenContenders(heat, ['ours', 'torch', 'ours-bf16']).map(({name}) => name)).toEqual([
      'torch',
      'ours',
    ]);
    expect(chosenContenders(heat, undefined)).toEqual(heat);
    expect(() => checkContenderNames(['ours', 'torch-compile'])).toThrow(
      /^--contenders: expected known contenders, got torch-compile \(known: .*did you mean torch-compiled\?\)$/,
    );
  });

  it('both sides get all threads', () => {
    const [torch] = heatOf('fp32', {isResNet: false, canCompile: false});
    const {program, args, env} = contenderCommand(torch!, '/problem', {
      device: 'cpu',
      threads: 6,
      python: '/py',
    });
    expect([program, args[1], env]).toEqual(['/py', '/problem', {OMP_NUM_THREADS: '6'}]);
    expect(JSON.parse(args[2]!)).toEqual({
      precision: 'fp32',
      compile: false,
      channelsLast: false,
      device: 'cpu',
      threads: 6,
    });
  });
});
