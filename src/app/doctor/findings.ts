import {platformProblem} from '../../engine/install/platform.js';
import {installCommand, type InstallTool} from '../../engine/install/required-tools.js';
import type {CacheFacts} from './cache.js';
import type {EngineFacts} from './engines.js';
import type {GpuVerdict} from './gpu-verdict.js';
import type {Machine} from './machine.js';

/** Something that is wrong here, and how to mend it. */
export interface Finding {
  /** An error stops the tool, a warning makes it slower or less sure. */
  readonly level: 'error' | 'warning';
  readonly problem: string;
  readonly fix: string;
}

/** All that the doctor looked at. */
export interface Facts {
  readonly machine: Machine;
  readonly engines: EngineFacts;
  readonly gpu: GpuVerdict;
  readonly cache: CacheFacts;
  /** Tools that an installation of the engine would lack. */
  readonly missingTools: readonly InstallTool[];
}

/** Whether this version of Node is one that we test. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 20) || major === 22;
}

/** Whether anything can compute here and images can be read. */
export function canWork({tensorflow, wasm, sharp}: EngineFacts): boolean {
  return (tensorflow?.works === true || wasm.works) && sharp.works;
}

/** Every known bad combination that these facts show, errors first. */
export function findings(facts: Facts): Finding[] {
  const all = [
    ...nodeFindings(facts.machine.node),
    ...tensorflowFindings(facts),
    ...packageFindings(facts.engines),
    ...gpuFindings(facts.gpu),
    ...memoryFindings(facts.machine),
  ];
  return [...all.filter(({level}) => level === 'error'), ...all.filter(({level}) => level === 'warning')];
}

function nodeFindings(version: string): Finding[] {
  if (isSupportedNode(version)) return [];
  const [major = 0] = version.split('.').map(Number);
  const why = major >= 23 ? ': tfjs-node needs functions that Node 23 took away' : '';
  return [
    {
      level: 'warning',
      problem: `expected Node 20.20 or 22, got ${version}${why}`,
      fix: 'nvm install 22 && nvm use 22',
    },
  ];
}

function tensorflowFindings({machine, engines, missingTools, cache}: Facts): Finding[] {
  const useWasm = 'use --engine wasm; on another machine TensorFlow would be many times faster';
  const problem = platformProblem(machine.platform);
  if (problem !== undefined) {
    return [{level: 'warning', problem: `TensorFlow cannot run here: ${problem}`, fix: useWasm}];
  }
  if (machine.cpu.flags?.avx === false) {
    return [
      {
        level: 'warning',
        problem: 'TensorFlow cannot run here: expected a processor with AVX, got none',
        fix: useWasm,
      },
    ];
  }
  if (engines.tensorflow?.works === false) {
    const {reason} = engines.tensorflow;
    return [
      {
        level: 'warning',
        problem: `the TensorFlow engine does not load: ${reason}`,
        fix: 'fewclip engine install --force',
      },
    ];
  }
  if (engines.linked !== undefined) return [];
  return [
    {level: 'warning', problem: 'no TensorFlow engine is linked', fix: 'fewclip engine install'},
    ...toInstall(missingTools, cache),
  ];
}

/** Bytes that an installation of the smaller engine needs, roughly. */
const smallestInstall = 1_400_000_000;

function toInstall(missing: readonly InstallTool[], cache: CacheFacts): Finding[] {
  const found: Finding[] = [];
  if (missing.length > 0) {
    const problem = `installing the engine needs ${missing.join(', ')}`;
    found.push({level: 'warning', problem, fix: installCommand(missing)});
  }
  if (cache.freeBytes < smallestInstall) {
    const problem = `installing the engine needs 1.4 GB, and ${cache.folder} has less`;
    found.push({level: 'warning', problem, fix: 'set FEWCLIP_CACHE to a folder on a larger disk'});
  }
  return found;
}

function packageFindings({tensorflow, wasm, sharp}: EngineFacts): Finding[] {
  const found: Finding[] = [];
  if (!wasm.works) {
    const level = tensorflow?.works ? 'warning' : 'error';
    found.push({level, problem: `the wasm engine does not start: ${wasm.reason}`, fix: 'npm ci'});
  }
  if (!sharp.works) {
    const problem = `sharp, which reads images, does not load: ${sharp.reason}`;
    found.push({level: 'error', problem, fix: 'npm ci --include=optional'});
  }
  return found;
}

function gpuFindings({reason, fix}: GpuVerdict): Finding[] {
  return fix === undefined ? [] : [{level: 'warning', problem: `the GPU is not used: ${reason}`, fix}];
}

/** ViT-B/32 at batch 16 was measured at 5.6 GiB. */
const comfortableBytes = 6 * 2 ** 30;

function memoryFindings({memory}: Machine): Finding[] {
  if (memory.totalBytes >= comfortableBytes) return [];
  const problem = 'less than 6 GiB of memory: ViT-B/32 at batch 16 does not fit';
  return [{level: 'warning', problem, fix: 'take a smaller model, or --batch 4'}];
}
