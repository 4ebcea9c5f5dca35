import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {runTool} from '../../engine/install/run-tool.js';

/** A GPU that the driver answers for. */
export interface GpuDevice {
  readonly name: string;
  readonly memoryBytes: number;
  /** CUDA compute capability, such as 9.0. */
  readonly capability: string;
}

/** What the system says about NVIDIA GPUs. */
export interface GpuFacts {
  /** NVIDIA display or compute controllers on the PCI bus. */
  readonly cards: number;
  /** Version of the loaded kernel driver. */
  readonly driver?: string;
  /** Device files such as /dev/nvidia0. */
  readonly deviceFiles: number;
  /** What nvidia-smi lists. */
  readonly devices: readonly GpuDevice[];
  /** CUDA_VISIBLE_DEVICES, when set. */
  readonly visible?: string;
}

/** Looks for NVIDIA GPUs; `root` is the root of the file system, another one in tests. */
export async function lookForGpus(
  environment: NodeJS.ProcessEnv = process.env,
  root = '/',
): Promise<GpuFacts> {
  const query = ['--query-gpu=name,memory.total,compute_cap,driver_version', '--format=csv,noheader,nounits'];
  const smi = await runTool('nvidia-smi', query, {environment, timeoutMs: 20_000});
  const rows = smi.status === 0 ? parseSmi(smi.stdout) : [];
  const driver = rows[0]?.driver ?? driverVersion(readIfThere(join(root, 'proc/driver/nvidia/version')));
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  return {
    cards: countCards(join(root, 'sys/bus/pci/devices')),
    ...(driver !== undefined && {driver}),
    deviceFiles: namesIn(join(root, 'dev')).filter((name) => /^nvidia\d+$/.test(name)).length,
    devices: rows.map(({driver: _driver, ...device}) => device),
    ...(visible !== undefined && {visible}),
  };
}

/** The driver's version in /proc/driver/nvidia/version. */
export function driverVersion(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /Kernel Module.*?\s(\d+(?:\.\d+)+)\s/.exec(text)?.[1];
}

function parseSmi(csv: string): (GpuDevice & {readonly driver: string})[] {
  return csv
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', mebibytes = '', capability = '', driver = ''] = line
        .split(',')
        .map((cell) => cell.trim());
      return {name, memoryBytes: Number(mebibytes) * 2 ** 20, capability, driver};
    });
}

/** PCI devices of vendor 10de and class 03 (display and 3D controllers). */
function countCards(devices: string): number {
  return namesIn(devices).filter((name) => {
    const vendor = readIfThere(join(devices, name, 'vendor'));
    const kind = readIfThere(join(devices, name, 'class'));
    return vendor?.trim() === '0x10de' && kind?.startsWith('0x03');
  }).length;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
