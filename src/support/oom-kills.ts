import {readProcFile} from './proc-file.js';

/** How many processes the kernel has killed for memory since it started; undefined where it does not tell. */
export function oomKills(): number | undefined {
  const vmstat = readProcFile('vmstat');
  return vmstat === undefined ? undefined : parseOomKills(vmstat);
}

/** The counter in a /proc/vmstat; undefined when it has none. */
export function parseOomKills(vmstat: string): number | undefined {
  const count = /^oom_kill (?<count>\d+)$/m.exec(vmstat)?.groups?.['count'];
  return count === undefined ? undefined : Number(count);
}
