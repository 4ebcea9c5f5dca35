import {setTimeout as sleep} from 'node:timers/promises';
import {exitCodes, UserError} from '../../support/errors.js';
import {lockFolder, type FolderLock} from '../../support/folder-lock.js';
import {interruptedError} from './interrupted.js';

const pollMs = 500;

export interface CacheLockOptions {
  readonly signal: AbortSignal;
  readonly onNotice: (message: string) => void;
  /** How long to wait for another process. */
  readonly waitMs?: number;
}

/** Waits until no other process changes the engines in the cache, and keeps others away until released. */
export async function lockEngines(engines: string, options: CacheLockOptions): Promise<FolderLock> {
  const {signal, onNotice, waitMs = 3_600_000} = options;
  const endMs = performance.now() + waitMs;
  let told = false;
  for (;;) {
    try {
      return await lockFolder(engines);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== exitCodes.locked) throw error;
      if (performance.now() > endMs) throw lockedError(engines, waitMs);
    }
    if (!told) onNotice('another process is changing the engines: waiting for it');
    told = true;
    await sleep(pollMs, undefined, {signal}).catch(() => undefined);
    if (signal.aborted) throw interruptedError(signal);
  }
}

function lockedError(engines: string, waitMs: number): UserError {
  const minutes = Math.round(waitMs / 60_000);
  return new UserError(
    `${engines}: expected the other process to end within ${minutes} minutes, got none of it`,
    {
      exit: exitCodes.locked,
      tryThis: `if no installation is running, rm ${engines}/lock.json`,
    },
  );
}
