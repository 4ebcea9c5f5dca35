import {readFileSync} from 'node:fs';
import {availableParallelism, cpus, freemem, totalmem} from 'node:os';
import {join} from 'node:path';
import {platformFacts, type PlatformFacts} from '../../engine/install/platform.js';
import {readCpuFlags, type CpuFlags} from '../../support/cpu-flags.js';
import {packageRoot} from '../../support/package-root.js';

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
    readonly flags?: CpuFlags;
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
