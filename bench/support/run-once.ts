import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {exitCodes, UserError} from '../../src/support/errors.js';

/** A program that runs once, from start to end. */
export interface Program {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A run as seen from outside. */
export interface Run {
  readonly seconds: number;
  /** Seconds from the start to the first line that was waited for; undefined when none came. */
  readonly markSeconds: number | undefined;
}

/**
 * Runs a program to its end and times it.
 * @param isMark tells the line of stdout whose coming is timed too
 * @throws UserError (exit `engine`) with the end of its stderr when it fails
 */
export function runOnce(
  {name, program, args, env}: Program,
  isMark: (line: string) => boolean = () => false,
): Promise<Run> {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}});
  let markSeconds: number | undefined;
  let tail = '';
  createInterface({input: child.stdout}).on('line', (line) => {
    if (markSeconds === undefined && isMark(line)) markSeconds = elapsed();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-4000)));
  return new Promise((resolve, reject) => {
    const fail = (said: string) =>
      reject(new UserError(`${name}: expected it to finish, got:\n${said}`, {exit: exitCodes.engine}));
    let exitSeconds = 0;
    child.once('error', (error) => fail(error.message));
    child.once('exit', () => (exitSeconds = elapsed()));
    child.once('close', (code, signal) => {
      if (code === 0) resolve({seconds: exitSeconds, markSeconds});
      else fail(`exit ${signal ?? code}\n${tail}`);
    });
  });
}
