import {describe, expect, it} from 'vitest';
import {canWork, findings, isSupportedNode, type Facts} from '../../../../src/app/doctor/findings.js';

const loads = <T>(value: T) => ({works: true as const, value});
const fails = (reason: string) => ({works: false as const, reason});
const linked = {
  name: 'tensorflow-2.21.0-cpu-1',
  tensorflow: '2.21.0',
  cuda: false,
  folder: '/cache/engines/x',
};
const flags = {avx: true, avx2: true, fma: true, avx512f: false, avx512_bf16: false, amx_bf16: false};

/** A machine where everything is well. */
const well: Facts = {
  machine: {
    fewclip: '0.1.0',
    node: '20.20.2',
    platform: {system: 'linux', processor: 'x64', glibc: '2.36'},
    cpu: {model: 'a processor', cores: 8, flags},
    memory: {totalBytes: 32e9, freeBytes: 30e9},
  },
  engines: {
    linked,
    tensorflow: loads({version: '2.21.0', gpu: false, remarks: []}),
    wasm: loads({version: '4.22.0'}),
    sharp: loads({version: '0.35.5'}),
  },
  gpu: {used: false, reason: 'this machine has no NVIDIA GPU'},
  cache: {folder: '/home/a/.cache/fewclip', bytes: 1e9, freeBytes: 50e9},
  missingTools: [],
};
const withoutEngine = {wasm: well.engines.wasm, sharp: well.engines.sharp};
const on = (changes: Partial<Facts['machine']>): Facts => ({...well, machine: {...well.machine, ...changes}});

describe('the doctor', () => {
  it('finds nothing where all is well', () => {
    expect(findings(well)).toEqual([]);
  });

  it.each<[string, Facts, RegExp, RegExp]>([
    ['Node 18', on({node: '18.20.4'}), /^expected Node 20\.20 or 22, got 18\.20\.4$/, /^nvm install 22/],
    ['an early Node 20', on({node: '20.11.1'}), /got 20\.11\.1$/, /^nvm install 22/],
    [
      'Node 24',
      on({node: '24.1.0'}),
      /got 24\.1\.0: tfjs-node needs functions that Node 23 took away$/,
      /nvm/,
    ],
    [
      'musl',
      on({platform: {system: 'linux', processor: 'x64', glibc: undefined}}),
      /^TensorFlow cannot run here: expected glibc, got another C library/,
      /--engine wasm/,
    ],
    [
      'a Mac',
      on({platform: {system: 'darwin', processor: 'arm64', glibc: undefined}}),
      /^TensorFlow cannot run here: expected Linux on x64, got darwin on arm64$/,
      /--engine wasm/,
    ],
    [
      'a processor without AVX',
      on({cpu: {...well.machine.cpu, flags: {...flags, avx: false}}}),
      /^TensorFlow cannot run here: expected a processor with AVX, got none$/,
      /--engine wasm/,
    ],
    [
      'little memory',
      on({memory: {totalBytes: 4e9, freeBytes: 1e9}}),
      /^less than 6 GiB of memory/,
      /--batch 4/,
    ],
    [
      'no engine',
      {...well, engines: withoutEngine},
      /^no TensorFlow engine is linked$/,
      /^fewclip engine install$/,
    ],
    [
      'an engine that does not load',
      {...well, engines: {...well.engines, tensorflow: fails('libstdc++.so.6: no such file')}},
      /^the TensorFlow engine does not load: libstdc\+\+\.so\.6: no such file$/,
      /^fewclip engine install --force$/,
    ],
    [
      'sharp without its binary',
      {...well, engines: {...well.engines, sharp: fails('Could not load the "sharp" module')}},
      /^sharp, which reads images, does not load: Could not load/,
      /^npm ci --include=optional$/,
    ],
    [
      'wasm that does not start',
      {...well, engines: {...well.engines, wasm: fails('expected the npm package x, got none')}},
      /^the wasm engine does not start: expected the npm package x, got none$/,
      /^npm ci$/,
    ],
    [
      'a GPU that is not used',
      {
        ...well,
        gpu: {
          used: false,
          reason: 'the linked engine is the one for processors',
          fix: 'fewclip engine install --cuda',
        },
      },
      /^the GPU is not used: the linked engine is the one for processors$/,
      /^fewclip engine install --cuda$/,
    ],
  ])('names %s and its fix, and only that', (_, facts, problem, fix) => {
    const found = findings(facts);
    expect(found).toHaveLength(1);
    expect(found[0]!.problem).toMatch(problem);
    expect(found[0]!.fix).toMatch(fix);
  });

  it('adds what an installation lacks when there is no engine, and not otherwise', () => {
    const poor = {missingTools: ['pip', 'g++'] as const, cache: {...well.cache, freeBytes: 1e9}};
    expect(findings({...well, ...poor})).toEqual([]);
    const found = findings({...well, ...poor, engines: withoutEngine}).map(({problem}) => problem);
    expect(found).toEqual([
      'no TensorFlow engine is linked',
      'installing the engine needs pip, g++',
      'installing the engine needs 1.4 GB, and /home/a/.cache/fewclip has less',
    ]);
  });

  it('says once that TensorFlow cannot run, not also that it is missing', () => {
    const musl = on({platform: {system: 'linux', processor: 'x64', glibc: undefined}});
    expect(findings({...musl, engines: withoutEngine, missingTools: ['g++']})).toHaveLength(1);
  });

  it('puts errors first', () => {
    const both = {...on({node: '24.0.0'}), engines: {...well.engines, sharp: fails('no')}};
    expect(findings(both).map(({level}) => level)).toEqual(['error', 'warning']);
  });
});

describe('whether fewclip can work', () => {
  it('needs one engine, and sharp', () => {
    expect(canWork(well.engines)).toBe(true);
    expect(canWork(withoutEngine)).toBe(true);
    expect(canWork({...well.engines, wasm: fails('no')})).toBe(true);
    expect(canWork({...withoutEngine, wasm: fails('no')})).toBe(false);
    expect(canWork({...well.engines, tensorflow: fails('no'), wasm: fails('no')})).toBe(false);
    expect(canWork({...well.engines, sharp: fails('no')})).toBe(false);
  });
});

describe('the versions of Node that we test', () => {
  it.each([
    ['20.19.9', false],
    ['20.20.0', true],
    ['21.7.0', false],
    ['22.0.0', true],
    ['22.23.3', true],
    ['23.0.0', false],
  ])('%s: %s', (version, isSupported) => {
    expect(isSupportedNode(version)).toBe(isSupported);
  });
});
