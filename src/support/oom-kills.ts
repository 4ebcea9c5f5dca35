import {readFileSync} from 'node:fs';

/** How many processes the kernel has killed for memory since it started; undefined where it does not tell. */
export function oomKills(): number | undefined {
  try {
    return parseOomKills(readFileSync('/proc/vmstat', 'utf8'));
  } catch {
    // not Linux
    return undefined;
  }
}

/** The counter in a /proc/vmstat; undefined when it has none. */
export function parseOomKills(vmstat: string): number | undefined {
  const count = /^oom_kill (?<count>\d+)$/m.exec(vmstat)?.groups?.['count'];
  return count === undefined ? undefined : Number(count);
}
