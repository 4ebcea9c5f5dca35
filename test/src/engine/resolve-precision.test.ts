import {describe, expect, test} from 'vitest';
import {resolvePrecision, type PrecisionMachine} from '../../../src/engine/resolve-precision.js';
import {parseCpuFlags} from '../../../src/support/cpu-flags.js';

const captured = {engine: 'tensorflow', capture: true} as const;
const machine = (flags: string, cuda = false): PrecisionMachine => ({
  flags: parseCpuFlags(`flags : ${flags}`),
  cuda,
});

describe('resolvePrecision', () => {
  test.each([
    ['amx_bf16', 'bf16'],
    ['avx512_bf16', 'bf16'],
    ['avx2 avx512f', 'fp32'],
  ])('auto on a processor with %s is %s', (flags, precision) => {
    expect(resolvePrecision('auto', captured, machine(flags))).toBe(precision);
  });

  test('auto is fp32 on a GPU, without a graph, on another engine, and where nothing is known', () => {
    expect(resolvePrecision('auto', captured, machine('amx_bf16', true))).toBe('fp32');
    expect(resolvePrecision('auto', {...captured, capture: false}, machine('amx_bf16'))).toBe('fp32');
    expect(resolvePrecision('auto', {...captured, engine: 'wasm'}, machine('amx_bf16'))).toBe('fp32');
    expect(resolvePrecision('auto', captured, {flags: undefined, cuda: false})).toBe('fp32');
  });

  test('what is asked for is taken, on any processor', () => {
    expect(resolvePrecision('bf16', captured, machine('avx'))).toBe('bf16');
    expect(resolvePrecision('fp32', captured, machine('amx_bf16'))).toBe('fp32');
    expect(resolvePrecision('fp32', {engine: 'cpu', capture: false}, machine('avx'))).toBe('fp32');
  });

  test.each([
    [{engine: 'wasm', capture: true}, 'wasm'],
    [{engine: 'tensorflow', capture: false}, '--no-capture'],
  ] as const)('bf16 with %j is refused', (ground, got) => {
    expect(() => resolvePrecision('bf16', ground, machine('amx_bf16'))).toThrow(
      `--precision bf16: expected the tensorflow engine with capture, got ${got}`,
    );
  });
});
