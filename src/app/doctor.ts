import {installTools, toolVersion, type InstallTool} from '../engine/install/required-tools.js';
import {measureCache, type CacheFacts} from './doctor/cache.js';
import {tryEngines, type EngineFacts} from './doctor/engines.js';
import {canWork, findings, isSupportedNode, type Finding} from './doctor/findings.js';
import {gpuVerdict, type GpuVerdict} from './doctor/gpu-verdict.js';
import {lookForGpus, type GpuFacts} from './doctor/gpu.js';
import {lookAtMachine, type Machine} from './doctor/machine.js';

/** What the doctor found. */
export interface DoctorReport {
  readonly machine: Machine & {readonly nodeSupported: boolean};
  readonly engines: EngineFacts;
  readonly gpu: GpuFacts & GpuVerdict;
  readonly cache: CacheFacts;
  /** Tools that install an engine, with their versions; null when missing. */
  readonly tools: Readonly<Record<InstallTool, string | null>>;
  readonly findings: readonly Finding[];
  /** Whether some engine computes and images can be read. */
  readonly works: boolean;
}

/** Looks at everything that fewclip stands on. Changes nothing. */
export async function examine(environment: NodeJS.ProcessEnv = process.env): Promise<DoctorReport> {
  const [engines, gpuFacts, cache, versions] = await Promise.all([
    tryEngines(),
    lookForGpus(environment),
    measureCache(),
    Promise.all(installTools.map((tool) => toolVersion(tool, environment))),
  ]);
  const machine = lookAtMachine();
  const gpu = gpuVerdict(gpuFacts, engines);
  const missing = installTools.filter((_, index) => versions[index] === undefined);
  return {
    machine: {...machine, nodeSupported: isSupportedNode(machine.node)},
    engines,
    gpu: {...gpuFacts, ...gpu},
    cache,
    tools: Object.fromEntries(
      installTools.map((tool, index) => [tool, versions[index] ?? null]),
    ) as DoctorReport['tools'],
    findings: findings({machine, engines, gpu, cache, missingTools: missing}),
    works: canWork(engines),
  };
}
