import {execFile} from 'node:child_process';
import type {Outcome} from './run-fewclip.js';

const main = new URL('../../bench/main.ts', import.meta.url);

/** Runs a bench in a process of its own, as bench/run.js does behind its setup. */
export function runBench(...args: readonly string[]): Promise<Outcome> {
  const code = `
    const {main} = await import(${JSON.stringify(main.href)});
    process.exitCode = await main(process.argv.slice(1));`;
  const argv = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', code, '--', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, {maxBuffer: 64 * 2 ** 20}, (error, stdout, stderr) => {
      const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({exit, stdout, stderr});
    });
  });
}
