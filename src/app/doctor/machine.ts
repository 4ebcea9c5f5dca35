import {readFileSync} from 'node:fs';
import {availableParallelism, cpus, freemem, totalmem} from 'node:os';
import {join} from 'node:path';
import {platformFacts, type PlatformFacts} from '../../engine/install/platform.js';
import {packageRoot} from '../../support/package-root.js';

/** Instruction sets that decide whether TensorFlow runs and how fast. */
export const cpuFlags = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_bf16', 'amx_bf16'] as const;

/** What the program runs on. */
export interface Machine {
  /** Our own version. */
  readonly fewclip: string;
  readonly node: string;
  readonly platform: PlatformFacts;
  readonly cpu: {
    readonly model: string;
    /** Cores that this process may use. */
    readonly cores: number;
    /** Undefined where the system does not tell. */
    readonly flags?: Readonly<Record<(typeof cpuFlags)[number], boolean>>;
  };
  readonly memory: {readonly totalBytes: number; readonly freeBytes: number};
}

/** Looks at this machine. */
export function lookAtMachine(): Machine {
  const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {version: string};
  const flags = readCpuFlags();
  return {
    fewclip: manifest.version,
    node: process.versions.node,
    platform: platformFacts(),
    cpu: {model: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), ...(flags && {flags})},
    memory: {totalBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity), freeBytes: freemem()},
  };
}

/** The flags of a /proc/cpuinfo; undefined when it has none. */
export function parseCpuFlags(cpuinfo: string): Machine['cpu']['flags'] {
  const line = /^flags\s*:(?<flags>.*)$/m.exec(cpuinfo)?.groups?.['flags'];
  if (line === undefined) return undefined;
  const known = new Set(line.trim().split(/\s+/));
  return Object.fromEntries(cpuFlags.map((flag) => [flag, known.has(flag)])) as Machine['cpu']['flags'];
}

function readCpuFlags(): Machine['cpu']['flags'] {
  try {
    return parseCpuFlags(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    // not Linux
    return undefined;
  }
}
