import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line from the sources in a process of its own, without a terminal. */
export function runFewclip(args: readonly string[], options: {readonly cwd?: string} = {}): Promise<Outcome> {
  const root = packageRoot();
  const argv = ['--import', import.meta.resolve('tsx'), join(root, 'bin', 'dev.js'), ...args];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      argv,
      {cwd: options.cwd ?? root, maxBuffer: 64 * 2 ** 20},
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({exit, stdout, stderr});
      },
    );
  });
}
