import {closeSync, fstatSync, openSync} from 'node:fs';
import {isatty} from 'node:tty';

const stderrFd = 2;

/**
 * Runs `load` with the process's standard error led to nowhere: TensorFlow's libraries greet while they are being
 * mapped, before any log level counts. Only a terminal or a pipe can be put back afterwards without a trace (a file
 * would lose its place, a socket cannot be opened again); elsewhere the greeting stays.
 */
export function loadQuietly<T>(load: () => T): T {
  if (!canReopen()) return load();
  // opened before anything is closed: if this fails, nothing has happened
  const saved = openSync(`/proc/self/fd/${stderrFd}`, 'a');
  replaceStderr('/dev/null');
  try {
    return load();
  } finally {
    replaceStderr(`/proc/self/fd/${saved}`);
    closeSync(saved);
  }
}

function canReopen(): boolean {
  return process.platform === 'linux' && (isatty(stderrFd) || fstatSync(stderrFd).isFIFO());
}

/** Opens a path as the standard error: a new file takes the lowest free number. */
function replaceStderr(path: string): void {
  closeSync(stderrFd);
  openSync(path, 'a');
}
