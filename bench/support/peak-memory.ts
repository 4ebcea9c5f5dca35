import {readFileSync, writeFileSync} from 'node:fs';

/** The most memory that a process has had resident (VmHWM), in bytes; undefined where there is no /proc. */
export function peakBytes(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** Lets the peak of a process begin again at what it has now. */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // not Linux: there is no peak to read either
  }
}
