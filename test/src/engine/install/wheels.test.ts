import {describe, expect, it} from 'vitest';
import {neededBytes} from '../../../../src/engine/install/disk-space.js';
import {pinnedWheelName} from '../../../../src/engine/install/wheel-name.js';
import {engineKinds, wheelSets} from '../../../../src/engine/install/wheels.js';

/** The `and-cuda` extra in the metadata of tensorflow 2.21.0, with its bounds. */
const cudaExtra: Readonly<Record<string, readonly [string, string]>> = {
  'nvidia-cublas-cu12': ['12.5.3.2', '13'],
  'nvidia-cuda-cupti-cu12': ['12.5.82', '13'],
  'nvidia-cuda-nvcc-cu12': ['12.5.82', '13'],
  'nvidia-cuda-nvrtc-cu12': ['12.5.82', '13'],
  'nvidia-cuda-runtime-cu12': ['12.5.82', '13'],
  'nvidia-cudnn-cu12': ['9.3.0.75', '10'],
  'nvidia-cufft-cu12': ['11.2.3.61', '12'],
  'nvidia-curand-cu12': ['10.3.6.82', '11'],
  'nvidia-cusolver-cu12': ['11.6.3.83', '12'],
  'nvidia-cusparse-cu12': ['12.5.1.3', '13'],
  'nvidia-nccl-cu12': ['2.27.7', '3'],
  'nvidia-nvjitlink-cu12': ['12.5.82', '13'],
};

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

describe.each(engineKinds)('the pins of the %s engine', (kind) => {
  const {wheels} = wheelSets[kind];

  it('have a readable name, a SHA-256 and sizes that make sense', () => {
    for (const wheel of wheels) {
      expect(pinnedWheelName(wheel.file).platforms.every((name) => name.endsWith('x86_64'))).toBe(true);
      expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(wheel.bytes).toBeGreaterThan(1e6);
      expect(wheel.unpackedBytes).toBeGreaterThan(100_000);
      expect(wheel.take.length).toBeGreaterThan(0);
    }
  });

  it('name no wheel twice', () => {
    expect(new Set(wheels.map(({file}) => file)).size).toBe(wheels.length);
    expect(new Set(wheels.map(({sha256}) => sha256)).size).toBe(wheels.length);
  });
});

describe('the CUDA engine', () => {
  it('is the same TensorFlow as the other', () => {
    const versions = engineKinds.map((kind) => pinnedWheelName(wheelSets[kind].wheels[0].file).version);
    expect(versions).toEqual(['2.21.0', '2.21.0']);
  });

  it('brings exactly what the and-cuda extra asks for, within its bounds', () => {
    const names = wheelSets.cuda.wheels.slice(1).map(({file}) => pinnedWheelName(file));
    expect(names.map(({project}) => project).sort()).toEqual(Object.keys(cudaExtra));
    for (const {project, version} of names) {
      const [least, below] = cudaExtra[project]!;
      expect(compareVersions(version, least), `${project} ${version}`).toBeGreaterThanOrEqual(0);
      expect(compareVersions(version, below), `${project} ${version}`).toBeLessThan(0);
    }
  });
});

describe('the disk that an installation takes', () => {
  it('is its peak: what is unpacked so far plus the wheel at hand, fetched twice by pip', () => {
    const wheel = (bytes: number, unpackedBytes: number) => ({
      ...wheelSets.cpu.wheels[0],
      bytes,
      unpackedBytes,
    });
    const [a, b] = [wheel(100e6, 300e6), wheel(200e6, 50e6)];
    // a: max(200, 100 + 300); b: 300 + max(400, 200 + 50)
    expect(neededBytes([a, b], new Set())).toBe(700e6 + 50e6);
    // b is given: 300 + 50, below a's own 400
    expect(neededBytes([a, b], new Set([b]))).toBe(400e6 + 50e6);
  });
});
