import {existsSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {addonPath, enginePlaces, libraryFolder, nvidiaFolder} from './engine-places.js';
import {readManifest} from './engine-manifest.js';

/** The TensorFlow engine that this installation of fewclip would load. */
export interface LinkedEngine {
  /** Name in the cache, or `unmanaged` when it was put there by other means. */
  readonly name: string;
  /** Version of TensorFlow, or `unknown` when unmanaged. */
  readonly tensorflow: string;
  /** Whether it has GPU kernels. */
  readonly cuda: boolean;
  /** Its folder in the cache; of an unmanaged one, the folder of its libraries. Links resolved. */
  readonly folder: string;
}

/** Whether a TensorFlow engine is linked: a few stat calls, nothing is loaded. */
export function engineIsLinked(addonPackage = installedAddonPackage()): boolean {
  if (addonPackage === undefined) return false;
  const library = join(libraryFolder(addonPackage), 'libtensorflow_framework.so.2');
  // existsSync follows links, so a link to a removed engine does not count
  return existsSync(addonPath(addonPackage)) && existsSync(library);
}

/** The linked engine; undefined when none is. */
export function linkedEngine(addonPackage = installedAddonPackage()): LinkedEngine | undefined {
  if (addonPackage === undefined || !engineIsLinked(addonPackage)) return undefined;
  // the addon finds its libraries relative to its real path, <engine>/addons/<key>/, so it decides what is loaded
  const folder = dirname(dirname(dirname(realpathSync(addonPath(addonPackage)))));
  const manifest = readManifest(folder);
  if (manifest !== undefined) {
    return {name: manifest.name, tensorflow: manifest.tensorflow, cuda: manifest.kind === 'cuda', folder};
  }
  return {
    name: 'unmanaged',
    tensorflow: 'unknown',
    cuda: existsSync(nvidiaFolder(addonPackage)),
    folder: realpathSync(libraryFolder(addonPackage)),
  };
}

function installedAddonPackage(): string | undefined {
  try {
    return enginePlaces().addonPackage;
  } catch {
    // node_modules lacks the package: no engine can be linked
    return undefined;
  }
}
