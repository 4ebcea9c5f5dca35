import {mkdir} from 'node:fs/promises';
import {exitCodes, UserError} from '../../support/errors.js';
import {lockEngines} from './cache-lock.js';
import {putEngineInCache, type CachedEngine, type EngineRequest} from './fill-cache.js';
import type {InstallContext} from './install-context.js';
import {linkEngine} from './link-engine.js';
import {platformProblem, type PlatformFacts} from './platform.js';
import {removeTemporaryFolders} from './temporary-folders.js';

/**
 * Installs an engine: from the cache when it is there, else from its wheels; then links it.
 * @throws UserError: exit `engine` for what a person must mend on this machine, `retry` for the network,
 * `interrupted` or `terminated` after an abort
 */
export async function installEngineSet(
  request: EngineRequest,
  platform: PlatformFacts,
  context: InstallContext,
): Promise<CachedEngine> {
  const problem = platformProblem(platform);
  if (problem !== undefined) {
    throw new UserError(`engine install: ${problem}`, {
      exit: exitCodes.engine,
      tryThis: 'go on without TensorFlow: --engine wasm works everywhere, more slowly',
    });
  }
  const {places, signal, onEvent} = context;
  await mkdir(places.engines, {recursive: true});
  const lock = await lockEngines(places.engines, {
    signal,
    onNotice: (message) => onEvent({type: 'notice', message}),
  });
  try {
    await removeTemporaryFolders(places.engines);
    const engine = await putEngineInCache(request, context);
    onEvent({type: 'phase', phase: 'link'});
    await linkEngine(engine.folder, engine.manifest, places);
    return engine;
  } finally {
    await lock.release();
  }
}
