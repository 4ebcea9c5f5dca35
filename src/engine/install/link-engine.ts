import {randomUUID} from 'node:crypto';
import {lstat, mkdir, rename, rm, symlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {addonInEngine} from './build-addon.js';
import {addonPath, libraryFolder, nvidiaFolder, type EnginePlaces} from './engine-places.js';
import type {EngineManifest} from './engine-manifest.js';

/**
 * Makes tfjs-node-gpu load an engine of the cache, by symbolic links in its package. Each link changes at once;
 * the addon is last, because it decides what is loaded.
 * @throws UserError (exit `engine`) when the package cannot be written
 */
export async function linkEngine(
  engine: string,
  manifest: EngineManifest,
  places: EnginePlaces,
): Promise<void> {
  const {addonPackage} = places;
  try {
    await replaceByLink(libraryFolder(addonPackage), join(engine, 'lib'));
    if (manifest.kind === 'cuda') await replaceByLink(nvidiaFolder(addonPackage), join(engine, 'nvidia'));
    else await rm(nvidiaFolder(addonPackage), {recursive: true, force: true});
    await replaceByLink(addonPath(addonPackage), addonInEngine(engine, places));
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
    throw new UserError(`${addonPackage}: expected a folder that you may write, got ${code}`, {
      exit: exitCodes.engine,
      tryThis: `sudo chown -R "$USER" '${addonPackage}', or install fewclip in a folder of your own`,
      cause: error,
    });
  }
}

/** Takes the links away; what they pointed to stays. */
export async function unlinkEngine({addonPackage}: EnginePlaces): Promise<void> {
  for (const path of [addonPath(addonPackage), nvidiaFolder(addonPackage), libraryFolder(addonPackage)]) {
    await rm(path, {recursive: true, force: true});
  }
}

async function replaceByLink(path: string, target: string): Promise<void> {
  await mkdir(dirname(path), {recursive: true});
  const existing = await lstat(path).catch(() => undefined);
  // a rename replaces links and files, not folders (an engine that was put there by hand)
  if (existing?.isDirectory()) await rm(path, {recursive: true});
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`;
  await symlink(target, temporary);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
}
