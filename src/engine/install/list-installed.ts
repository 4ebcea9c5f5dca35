import {realpathSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {damagedFiles, engineBytes, readManifest} from './engine-manifest.js';
import {linkedEngine} from './linked-engine.js';
import type {EnginePlaces} from './engine-places.js';
import type {EngineKind} from './wheels.js';

/** An engine in the cache. */
export interface InstalledEngine {
  readonly name: string;
  readonly kind: EngineKind;
  readonly tensorflow: string;
  readonly bytes: number;
  readonly folder: string;
  /** ISO 8601. */
  readonly installedAt: string;
  /** Whether this installation of fewclip loads it. */
  readonly linked: boolean;
  /** Whether all files are there in their full size. */
  readonly whole: boolean;
}

/** The engines in the cache, by name. */
export async function installedEngines({engines, addonPackage}: EnginePlaces): Promise<InstalledEngine[]> {
  const names = (await readdir(engines).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
  const linked = linkedEngine(addonPackage);
  const found = names.map(async (name): Promise<InstalledEngine[]> => {
    const folder = join(engines, name);
    const manifest = readManifest(folder);
    if (manifest === undefined) return [];
    return [
      {
        name,
        kind: manifest.kind,
        tensorflow: manifest.tensorflow,
        bytes: engineBytes(manifest),
        folder,
        installedAt: manifest.installedAt,
        linked: linked?.folder === realpathSync(folder),
        whole: (await damagedFiles(folder, manifest)).length === 0,
      },
    ];
  });
  return (await Promise.all(found)).flat();
}
