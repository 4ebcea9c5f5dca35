import type {DoctorReport} from '../app/doctor.js';
import {formatBytes} from '../support/format-bytes.js';

/** The report as lines: one a subject, then what is wrong, each with its fix. */
export function doctorText(report: DoctorReport): string {
  const {machine, cache, tools, findings} = report;
  const {platform, cpu, memory} = machine;
  const rows = [
    ['fewclip', machine.fewclip],
    ['node', `${machine.node}${machine.nodeSupported ? '' : ' (not supported)'}`],
    [
      'system',
      `${platform.system} ${platform.processor}${platform.glibc ? `, glibc ${platform.glibc}` : ''}`,
    ],
    ['processor', `${cpu.model}, ${cpu.cores} cores${flagsText(cpu.flags)}`],
    ['memory', `${formatBytes(memory.totalBytes)}, ${formatBytes(memory.freeBytes)} free`],
    ['tensorflow', tensorflowText(report)],
    ['wasm', probeText(report.engines.wasm)],
    ['sharp', probeText(report.engines.sharp)],
    ['gpu', gpuText(report)],
    [
      'cache',
      `${cache.folder}, ${formatBytes(cache.bytes)}, ${formatBytes(cache.freeBytes)} free on its disk`,
    ],
    [
      'to install',
      Object.entries(tools)
        .map(([tool, version]) => `${tool} ${version ?? 'missing'}`)
        .join(', '),
    ],
  ] as const;
  const problems = findings.flatMap(({level, problem, fix}) => [`${level}: ${problem}`, `  fix: ${fix}`]);
  const verdict = report.works ? 'fewclip works here' : 'fewclip cannot work here';
  return [...rows.map(([name, text]) => `${name.padEnd(11)} ${text}`), '', ...problems, verdict].join('\n');
}

function flagsText(flags: DoctorReport['machine']['cpu']['flags']): string {
  if (flags === undefined) return '';
  const has = Object.entries(flags).filter(([, there]) => there);
  const lacks = Object.entries(flags).filter(([, there]) => !there);
  const names = (list: typeof has) => list.map(([name]) => name).join(' ') || 'none';
  return `, with ${names(has)}${lacks.length > 0 ? `, without ${names(lacks)}` : ''}`;
}

function tensorflowText({engines: {linked, tensorflow}}: DoctorReport): string {
  if (linked === undefined) return 'not installed';
  if (tensorflow?.works !== true) return `does not load (${linked.name})`;
  return `${tensorflow.value.version} (${linked.cuda ? 'cuda' : 'cpu'}), ${linked.name} in ${linked.folder}`;
}

function probeText(probe: DoctorReport['engines']['wasm']): string {
  return probe.works ? probe.value.version : `does not load: ${probe.reason}`;
}

function gpuText({gpu}: DoctorReport): string {
  const names = gpu.devices.map(({name, memoryBytes}) => `${name} (${formatBytes(memoryBytes)})`).join(', ');
  return `${names ? `${names}: ` : ''}${gpu.used ? '' : 'not used, '}${gpu.reason}`;
}
