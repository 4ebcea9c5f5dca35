import {spawn} from 'node:child_process';

/** How a program ended. */
export interface ToolResult {
  /** Exit status; null when a signal ended it or it could not be started. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 64 kB of each output. */
  readonly stdout: string;
  readonly stderr: string;
  /** No such program. */
  readonly missing: boolean;
}

export interface ToolOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const keptCharacters = 65_536;

/** Runs a program to its end, with nothing on stdin. Only a program that cannot be started at all rejects. */
export function runTool(
  program: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  // not spawn's own timeout: its timer outlives a program that is missing, and keeps this process alive
  const timeout = options.timeoutMs === undefined ? [] : [AbortSignal.timeout(options.timeoutMs)];
  const signals = [...(options.signal ? [options.signal] : []), ...timeout];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: options.environment ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signals.length > 0 && {signal: AbortSignal.any(signals)}),
    });
    const output = {stdout: '', stderr: ''};
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] = (output[name] + text).slice(-keptCharacters);
      });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EACCES') {
        resolve({status: null, signal: null, ...output, missing: true});
        // an abort is told by the close that follows it
      } else if (error.name !== 'AbortError') reject(error);
    });
    child.on('close', (status, signal) => resolve({status, signal, ...output, missing: false}));
  });
}

/** The last lines of an output that hold anything, for an error message. */
export function lastLines(output: string, count: number): string {
  return output
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n');
}
