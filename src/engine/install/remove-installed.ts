import {realpathSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../../support/errors.js';
import {knownNames} from '../../support/nearest-name.js';
import {lockEngines, type CacheLockOptions} from './cache-lock.js';
import type {EnginePlaces} from './engine-places.js';
import {unlinkEngine} from './link-engine.js';
import {linkedEngine} from './linked-engine.js';
import {installedEngines, type InstalledEngine} from './list-installed.js';
import {removeEngineFolder, removeTemporaryFolders} from './temporary-folders.js';

/**
 * Removes engines from the cache, and the link to one of them.
 * @param which a name, or the part of one from its start that fits only one; or all
 * @throws UserError for a name that fits none or several
 */
export async function removeEngines(
  which: {readonly name: string} | 'all',
  places: EnginePlaces,
  options: CacheLockOptions,
): Promise<InstalledEngine[]> {
  const lock = await lockEngines(places.engines, options);
  try {
    await removeTemporaryFolders(places.engines);
    const installed = await installedEngines(places);
    const chosen = which === 'all' ? installed : [chooseEngine(which.name, installed)];
    for (const engine of chosen) {
      if (linkedEngine(places.addonPackage)?.folder === realpathSync(engine.folder))
        await unlinkEngine(places);
      await removeEngineFolder(join(places.engines, engine.name));
    }
    return chosen;
  } finally {
    await lock.release();
  }
}

function chooseEngine(wanted: string, installed: readonly InstalledEngine[]): InstalledEngine {
  const fits = installed.filter(({name}) => name === wanted || name.startsWith(wanted));
  const exact = fits.find(({name}) => name === wanted) ?? (fits.length === 1 ? fits[0] : undefined);
  if (exact !== undefined) return exact;
  const names = installed.map(({name}) => name);
  const expected = fits.length > 1 ? 'a name that fits one engine' : 'an installed engine';
  throw new UserError(`engine remove: expected ${expected}, got ${wanted} (${knownNames(wanted, names)})`);
}
