import {describe, expect, it} from 'vitest';
import {parseCpuFlags} from '../../../src/support/cpu-flags.js';

describe('parseCpuFlags', () => {
  it('reads the flags that matter, as whole words', () => {
    const flags = parseCpuFlags(
      'processor\t: 0\nflags\t\t: fpu avx fma avx2 avx512_bf16 amx_tile\nbugs\t\t: x\n',
    );
    expect(flags).toEqual({
      avx: true,
      avx2: true,
      fma: true,
      avx512f: false,
      avx512_bf16: true,
      amx_bf16: false,
    });
    expect(parseCpuFlags('Features : neon\n')).toBeUndefined();
  });
});
