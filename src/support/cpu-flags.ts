import {readProcFile} from './proc-file.js';

/** Instruction sets that decide whether TensorFlow runs and how fast. */
export const cpuFlagNames = ['avx', 'avx2', 'fma', 'avx512f', 'avx512_bf16', 'amx_bf16'] as const;

export type CpuFlags = Readonly<Record<(typeof cpuFlagNames)[number], boolean>>;

/** The flags of this processor; undefined where the system does not tell. */
export function readCpuFlags(): CpuFlags | undefined {
  const cpuinfo = readProcFile('cpuinfo');
  return cpuinfo === undefined ? undefined : parseCpuFlags(cpuinfo);
}

/** The flags of a /proc/cpuinfo; undefined when it has none. */
export function parseCpuFlags(cpuinfo: string): CpuFlags | undefined {
  const line = /^flags\s*:(?<flags>.*)$/m.exec(cpuinfo)?.groups?.['flags'];
  if (line === undefined) return undefined;
  const known = new Set(line.trim().split(/\s+/));
  return Object.fromEntries(cpuFlagNames.map((flag) => [flag, known.has(flag)])) as CpuFlags;
}
