import {describe, expect, it} from 'vitest';
import {pipArguments} from '../../../../src/engine/install/pip-download.js';
import {wheelSets} from '../../../../src/engine/install/wheels.js';

describe('the arguments of pip', () => {
  it('name the pinned wheel for its platforms, whatever Python runs pip, and no host', () => {
    const args = pipArguments(wheelSets.cpu.wheels[0], '/some/where').join(' ');
    expect(args).toContain('--no-deps --only-binary=:all: --platform manylinux_2_27_x86_64');
    expect(args).toContain('--python-version 3.11 --implementation cp');
    expect(args).toMatch(/--dest \/some\/where tensorflow-cpu==2\.21\.0$/);
    expect(args).not.toMatch(/https?:|index-url/);
  });

  it('name every platform of a wheel that serves several', () => {
    const nvcc = wheelSets.cuda.wheels.find(({file}) => file.startsWith('nvidia_cuda_nvcc'))!;
    const args = pipArguments(nvcc, '/some/where').join(' ');
    expect(args).toContain('--platform manylinux2010_x86_64 --platform manylinux_2_12_x86_64');
    expect(args).toContain('--python-version 3.11');
    expect(args).toMatch(/ nvidia-cuda-nvcc-cu12==12\.9\.86$/);
  });
});
