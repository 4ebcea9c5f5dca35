import {describe, expect, it} from 'vitest';
import {failureReason, probeScript, probeTensorflow} from '../../../../src/engine/install/probe-engine.js';
import {probeSharp, probeWasm} from '../../../../src/engine/install/probe-packages.js';

const ended = {status: 1, signal: null, stdout: '', stderr: '', missing: false};

describe('why a child process ended', () => {
  it.each([
    [
      {...ended, stderr: 'stack\nError: libfoo.so.2: cannot open shared object file\n  at x'},
      'libfoo.so.2: cannot open shared object file',
    ],
    [
      {...ended, status: null, signal: 'SIGILL' as const},
      'the processor lacks an instruction that it needs (stopped by SIGILL)',
    ],
    [{...ended, status: null, signal: 'SIGSEGV' as const}, 'stopped by SIGSEGV'],
    [
      {
        ...ended,
        status: null,
        signal: 'SIGABRT' as const,
        stderr:
          "F0000 cpu_feature_guard.cc:37] The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.\n",
      },
      "The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.",
    ],
    [{...ended, status: 3}, 'exit status 3'],
  ])('%o', (result, reason) => {
    expect(failureReason(result)).toBe(reason);
  });
});

describe('a probe', () => {
  it('survives a child that dies by a signal', async () => {
    expect(await probeScript('process.kill(process.pid, "SIGSEGV")')).toEqual({
      works: false,
      reason: 'stopped by SIGSEGV',
    });
  });

  it('of a missing addon names it', async () => {
    const probe = await probeTensorflow('/nowhere/tfjs_binding.node');
    expect(probe).toMatchObject({works: false, reason: "Cannot find module '/nowhere/tfjs_binding.node'"});
  });

  it('starts wasm and loads sharp', async () => {
    expect(await probeWasm()).toMatchObject({works: true, value: {version: '4.22.0'}});
    expect(await probeSharp()).toMatchObject({works: true});
  });
});
