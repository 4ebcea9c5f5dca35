import {randomUUID} from 'node:crypto';
import {link, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {readFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {exitCodes, UserError} from './errors.js';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process, so that a reused pid is not taken for the holder. */
  readonly started: string;
}

/** A held lock. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only one that writes to a folder. A lock left by a dead process of this machine is
 * taken over.
 * @throws UserError with exit code `locked` when a living process holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, {recursive: true});
  const path = join(folder, 'lock.json');
  const own: Holder = {pid: process.pid, host: hostname(), started: processStart(process.pid) ?? ''};
  const candidate = join(folder, `.lock.${randomUUID().slice(0, 8)}.tmp`);
  await writeFile(candidate, `${JSON.stringify(own)}\n`);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (await linked(candidate, path)) return {release: () => rm(path, {force: true})};
      const holder = await readHolder(path);
      if (holder !== undefined && isAlive(holder)) {
        throw new UserError(
          `${folder}: expected a free run folder, got one in use by process ${holder.pid} on ${holder.host}`,
          {exit: exitCodes.locked, tryThis: 'wait for that run, or choose another folder with --out'},
        );
      }
      await rm(path, {force: true});
    }
  } finally {
    await rm(candidate, {force: true});
  }
  throw new UserError(`${folder}: expected to lock the run folder, got three failed tries`, {
    exit: exitCodes.locked,
  });
}

/** A hard link appears whole or not at all, also on network file systems. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // gone, or torn by a crash of another version: nobody holds it
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return holder.started === '' || processStart(holder.pid) === holder.started;
}

/** The start time of a process as Linux counts it; undefined elsewhere and for the dead. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // field 22; the second field may hold spaces, so count after its closing bracket
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
