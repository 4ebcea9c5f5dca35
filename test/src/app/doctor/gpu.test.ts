import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {gpuVerdict} from '../../../../src/app/doctor/gpu-verdict.js';
import {driverVersion, lookForGpus, type GpuFacts} from '../../../../src/app/doctor/gpu.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fewclip-gpu-'));
});
afterEach(() => rmSync(root, {recursive: true}));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
}

const driverText =
  'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.133.20  Release Build  (dvs-builder)\nGCC version: 12.2.0\n';

/** A program called nvidia-smi in a folder for PATH. */
function smi(script: string): string {
  write('bin/nvidia-smi', `#!/bin/sh\n${script}\n`);
  chmodSync(join(root, 'bin/nvidia-smi'), 0o755);
  return join(root, 'bin');
}

describe('looking for GPUs', () => {
  it('finds none on a bare system', async () => {
    expect(await lookForGpus({PATH: '/nowhere'}, root)).toEqual({cards: 0, deviceFiles: 0, devices: []});
  });

  it('counts NVIDIA display controllers and leaves other devices out', async () => {
    write('sys/bus/pci/devices/0000:01:00.0/vendor', '0x10de\n');
    write('sys/bus/pci/devices/0000:01:00.0/class', '0x030200\n');
    write('sys/bus/pci/devices/0000:01:00.1/vendor', '0x10de\n');
    write('sys/bus/pci/devices/0000:01:00.1/class', '0x040300\n');
    write('sys/bus/pci/devices/0000:00:02.0/vendor', '0x8086\n');
    write('sys/bus/pci/devices/0000:00:02.0/class', '0x030000\n');
    expect((await lookForGpus({PATH: '/nowhere'}, root)).cards).toBe(1);
  });

  it('reads the driver, the device files and what nvidia-smi lists', async () => {
    write('proc/driver/nvidia/version', driverText);
    write('dev/nvidia0', '');
    write('dev/nvidia1', '');
    write('dev/nvidiactl', '');
    const PATH = smi('echo "NVIDIA H100 80GB HBM3, 81559, 9.0, 570.133.20"');
    expect(await lookForGpus({PATH, CUDA_VISIBLE_DEVICES: '0'}, root)).toEqual({
      cards: 0,
      driver: '570.133.20',
      deviceFiles: 2,
      devices: [{name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81559 * 2 ** 20, capability: '9.0'}],
      visible: '0',
    });
    expect((await lookForGpus({PATH: smi('exit 9')}, root)).driver).toBe('570.133.20');
  });

  it('reads the version of open and closed drivers', () => {
    expect(driverVersion(driverText)).toBe('570.133.20');
    expect(driverVersion('NVRM version: NVIDIA UNIX x86_64 Kernel Module  525.60.13  Wed Nov 30\n')).toBe(
      '525.60.13',
    );
    expect(driverVersion('something else')).toBeUndefined();
  });
});

describe('why a GPU is not used', () => {
  const works = (gpu: boolean, remarks: string[] = []) => ({
    works: true as const,
    value: {version: '2.21.0', gpu, remarks},
  });
  const package_ = {works: true as const, value: {version: '1'}};
  const engines = (cuda: boolean, tensorflow: ReturnType<typeof works>) => ({
    linked: {name: 'x', tensorflow: '2.21.0', cuda, folder: '/x'},
    ...{tensorflow, wasm: package_, sharp: package_},
  });
  const none = {wasm: package_, sharp: package_};
  const here: GpuFacts = {
    ...{cards: 1, driver: '570.133.20', deviceFiles: 1},
    devices: [{name: 'H100', memoryBytes: 1, capability: '9.0'}],
  };
  const bare: GpuFacts = {cards: 0, deviceFiles: 0, devices: []};

  it.each<[string, GpuFacts, Parameters<typeof gpuVerdict>[1], readonly [RegExp, RegExp?]]>([
    ['no card', bare, engines(false, works(false)), [/no NVIDIA GPU$/]],
    [
      'no driver',
      {...bare, cards: 1},
      none,
      [/on the PCI bus, but its driver is not loaded$/, /^install the NVIDIA driver/],
    ],
    [
      'no device file',
      {...bare, driver: '570.1'},
      none,
      [/570\.1 is loaded, but \/dev has no nvidia device/, /--gpus all/],
    ],
    [
      'an old driver',
      {...here, driver: '470.82.01'},
      none,
      [/470\.82\.01 is too old for CUDA 12$/, /driver 525 or newer/],
    ],
    [
      'hidden',
      {...here, visible: ''},
      engines(true, works(false)),
      [/^CUDA_VISIBLE_DEVICES="" hides it$/, /^unset/],
    ],
    [
      'hidden by -1',
      {...here, visible: '-1'},
      engines(true, works(false)),
      [/^CUDA_VISIBLE_DEVICES="-1"/, /^unset/],
    ],
    ['no engine', here, none, [/^no TensorFlow engine is linked$/, /^fewclip engine install --cuda$/]],
    [
      'the wrong engine',
      here,
      engines(false, works(false)),
      [/engine is the one for processors$/, /--cuda$/],
    ],
    [
      'a refusal',
      here,
      engines(true, works(false, ['Cannot dlopen some GPU libraries.'])),
      [/^TensorFlow did not take it \(Cannot dlopen some GPU libraries\.\)$/, /--cuda --force$/],
    ],
  ])('%s', (_, gpu, facts, [reason, fix]) => {
    const verdict = gpuVerdict(gpu, facts);
    expect(verdict.used).toBe(false);
    expect(verdict.reason).toMatch(reason);
    if (fix === undefined) expect(verdict.fix).toBeUndefined();
    else expect(verdict.fix).toMatch(fix);
  });

  it('does not arise when TensorFlow computes on it', () => {
    expect(gpuVerdict(here, engines(true, works(true)))).toEqual({
      used: true,
      reason: 'TensorFlow computes on it',
    });
  });
});
