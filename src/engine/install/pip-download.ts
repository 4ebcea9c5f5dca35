import {existsSync} from 'node:fs';
import {mkdir, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {interruptedError} from './interrupted.js';
import {lastLines, runTool, type ToolResult} from './run-tool.js';
import {pinnedWheelName} from './wheel-name.js';
import type {Wheel} from './wheels.js';

export interface DownloadOptions {
  /** Folder of our own for the wheel and for pip's temporary files. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Hears the bytes that have arrived, about four times a second. */
  readonly onBytes: (bytes: number) => void;
}

const pollMs = 250;

/**
 * Fetches one wheel with pip, which knows its index, its mirrors and its proxies.
 * @returns the path of the wheel, not yet verified
 * @throws UserError: exit `retry` when the network failed, `engine` when the index has no such wheel
 */
export async function downloadWheel(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const {folder, environment, signal, onBytes} = options;
  const temporary = join(folder, 'pip');
  await mkdir(temporary, {recursive: true});
  // pip shows progress on terminals only, and each version in its own way: watch the file grow instead
  const poll = setInterval(() => void largestWheel(folder).then(onBytes), pollMs);
  try {
    const result = await runTool('python3', pipArguments(wheel, folder), {
      environment: {...environment, TMPDIR: temporary},
      signal,
    });
    if (signal.aborted) throw interruptedError(signal);
    if (result.status !== 0) throw downloadError(wheel, result);
  } finally {
    clearInterval(poll);
  }
  const path = join(folder, wheel.file);
  if (!existsSync(path)) {
    const got = (await readdir(folder)).filter((name) => name.endsWith('.whl')).join(', ') || 'none';
    throw new UserError(`pip download: expected ${wheel.file}, got ${got}`, {exit: exitCodes.engine});
  }
  onBytes((await stat(path)).size);
  return path;
}

/** The arguments make pip's choice independent of the Python that runs it. */
export function pipArguments(wheel: Wheel, destination: string): string[] {
  const {project, version, python, platforms} = pinnedWheelName(wheel.file);
  const cpython = /^cp3(?<minor>\d+)$/.exec(python)?.groups?.['minor'];
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:'],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--python-version', `3.${cpython ?? '11'}`, '--implementation', 'cp'],
    // what we unpack is our cache: a second copy in pip's would only take disk
    ...['--no-cache-dir', '--progress-bar', 'off', '--disable-pip-version-check', '--no-input'],
    ...['--dest', destination, `${project}==${version}`],
  ];
}

const networkTrouble =
  /Retrying \(|Connection(?:Error| aborted| refused| reset| broken)|NewConnectionError|ProxyError|timed out|TimeoutError|SSLError|name resolution|HTTP error 5\d\d|5\d\d Server Error|IncompleteRead/;

function downloadError(wheel: Wheel, {stdout, stderr}: ToolResult): UserError {
  const said = lastLines(stderr || stdout, 4);
  if (/No space left on device/.test(stderr)) {
    return new UserError(`pip download: expected room for ${wheel.file}, got a full disk`, {
      exit: exitCodes.retry,
      tryThis: 'free some disk space, then run the same command again',
    });
  }
  if (networkTrouble.test(stderr)) {
    return new UserError(`pip download: expected to reach the package index, got:\n${said}`, {
      exit: exitCodes.retry,
      tryThis: 'check the network and run the same command again, or give a downloaded file with --wheel',
    });
  }
  return new UserError(`pip download: expected ${wheel.file}, got:\n${said}`, {
    exit: exitCodes.engine,
    tryThis:
      'check which index pip uses (`python3 -m pip config list`), or give a downloaded file with --wheel',
  });
}

/** Size of the largest wheel, whole or in part, below a folder. */
async function largestWheel(folder: string): Promise<number> {
  const names = await readdir(folder, {recursive: true}).catch(() => []);
  const sizes = names
    .filter((name) => name.endsWith('.whl'))
    .map((name) =>
      stat(join(folder, name)).then(
        ({size}) => size,
        () => 0,
      ),
    );
  return Math.max(0, ...(await Promise.all(sizes)));
}
