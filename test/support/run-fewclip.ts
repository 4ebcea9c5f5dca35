import {execFile} from 'node:child_process';
import {packageRoot} from '../../src/support/package-root.js';
import {commandLine} from './command-line.js';

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder of the installation that runs; this one by default. */
  readonly root?: string;
}

/** Runs the command line in a process of its own, without a terminal. */
export function runFewclip(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const root = options.root ?? packageRoot();
  const argv = [...commandLine(root), ...args];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      argv,
      {cwd: options.cwd ?? root, maxBuffer: 64 * 2 ** 20, env: {...process.env, ...options.env}},
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({exit, stdout, stderr});
      },
    );
  });
}
