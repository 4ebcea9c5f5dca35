import {lastLines, runTool, type ToolResult} from './run-tool.js';

/** What came of loading a native module in a process of its own. */
export type Probe<T> =
  {readonly works: true; readonly value: T} | {readonly works: false; readonly reason: string};

export interface LoadedTensorflow {
  readonly version: string;
  /** Whether TensorFlow chose a GPU. */
  readonly gpu: boolean;
  /** What TensorFlow said on the way about GPUs: warnings and errors, without its time stamps. */
  readonly remarks: readonly string[];
}

const probeTimeoutMs = 120_000;

/**
 * Loads the addon and starts TensorFlow in a child process, so that whatever stops it (a missing library, an
 * instruction that this processor lacks) stops only the child.
 */
export async function probeTensorflow(addon: string, signal?: AbortSignal): Promise<Probe<LoadedTensorflow>> {
  const script = `const addon = require(${JSON.stringify(addon)});
    console.log(JSON.stringify({version: addon.TF_Version, gpu: addon.isUsingGpuDevice()}));`;
  const result = await runProbe(script, signal);
  if (result.status !== 0) return {works: false, reason: failureReason(result)};
  const value = JSON.parse(lastLines(result.stdout, 1)) as Omit<LoadedTensorflow, 'remarks'>;
  return {works: true, value: {...value, remarks: gpuRemarks(result.stderr)}};
}

/** Runs a script that prints one JSON value last in a child process. */
export async function probeScript<T>(script: string): Promise<Probe<T>> {
  const result = await runProbe(script);
  return result.status === 0
    ? {works: true, value: JSON.parse(lastLines(result.stdout, 1)) as T}
    : {works: false, reason: failureReason(result)};
}

/** One sentence on why a child process ended as it did. */
export function failureReason({status, signal, stderr}: ToolResult): string {
  // TensorFlow aborts with this sentence on old processors
  const avx = /The TensorFlow library was compiled to use .*$/m.exec(stderr)?.[0];
  if (avx !== undefined) return avx.trim();
  if (signal === 'SIGILL') return 'the processor lacks an instruction that it needs (stopped by SIGILL)';
  const thrown = /^(?:\w*Error|Error \[\w+\]): (?<message>.*)$/m.exec(stderr)?.groups?.['message'];
  if (thrown !== undefined) return thrown;
  if (signal !== null) return `stopped by ${signal}`;
  return lastLines(stderr, 1) || `exit status ${status}`;
}

function runProbe(script: string, signal?: AbortSignal): Promise<ToolResult> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // warnings are wanted here, whatever the caller's level is
    TF_CPP_MIN_LOG_LEVEL: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
  };
  // a loader or an inspector of this process is not the child's
  delete environment['NODE_OPTIONS'];
  return runTool(process.execPath, ['-e', script], {
    environment,
    timeoutMs: probeTimeoutMs,
    ...(signal && {signal}),
  });
}

function gpuRemarks(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => /gpu|cuda|cudnn|nvidia/i.test(line));
  // "W0000 00:00:1795457720.867747   11252 gpu_device.cc:2433] Cannot dlopen some GPU libraries."
  return [...new Set(lines.map((line) => line.replace(/^[^\]]{0,120}\] /, '').trim()))];
}
