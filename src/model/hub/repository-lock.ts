import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {exitCodes, UserError} from '../../support/errors.js';
import {lockFolder, type FolderLock} from '../../support/folder-lock.js';
import {repositoryFolder} from './hub-cache.js';
import {networkError, type Asked} from './hub-fetch.js';
import type {PullOptions} from './pull-snapshot.js';

const pollMs = 500;

/** Waits until no other process of ours downloads the same repository, and keeps others away until released. */
export async function lockRepository(asked: Asked, options: PullOptions): Promise<FolderLock> {
  const {signal, onNotice, environment} = options;
  const folder = repositoryFolder(join(environment.cacheFolder, '.locks'), asked.repository);
  for (let isTold = false; ; isTold = true) {
    try {
      return await lockFolder(folder);
    } catch (error) {
      if (!(error instanceof UserError) || error.exit !== exitCodes.locked) throw error;
    }
    if (!isTold) onNotice(`${asked.reference}: another process is downloading it: waiting`);
    await sleep(pollMs, undefined, {signal}).catch(() => undefined);
    if (signal.aborted) throw networkError(environment, asked, signal, undefined);
  }
}
