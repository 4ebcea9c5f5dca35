import {readFileSync} from 'node:fs';

/** A file below /proc, by its path there; undefined where there is none: not Linux, or a process that has gone. */
export function readProcFile(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}
