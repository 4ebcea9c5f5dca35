import {existsSync} from 'node:fs';
import {rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {addonInEngine} from './build-addon.js';
import {checkSpace, neededBytes} from './disk-space.js';
import {
  damagedFiles,
  engineName,
  manifestFile,
  readManifest,
  type EngineManifest,
} from './engine-manifest.js';
import {ensureAddon} from './ensure-addon.js';
import type {InstallContext} from './install-context.js';
import {requireTools, type InstallTool} from './required-tools.js';
import {makeTemporaryFolder, removeEngineFolder} from './temporary-folders.js';
import {unpackSet} from './unpack-set.js';
import {pinnedWheelName} from './wheel-name.js';
import type {GivenWheel} from './wheel-sources.js';
import type {WheelSet} from './wheels.js';

/** What to install. */
export interface EngineRequest {
  readonly set: WheelSet;
  /** Wheels that need no download. */
  readonly given: readonly GivenWheel[];
  /** Install again what is already in the cache. */
  readonly force: boolean;
}

/** An engine in the cache that loads. */
export interface CachedEngine {
  readonly folder: string;
  readonly manifest: EngineManifest;
  /** False when the cache had it before. */
  readonly isNew: boolean;
  /** Whether TensorFlow found a GPU. */
  readonly gpu: boolean;
}

/**
 * Puts an engine into the cache unless it is there, whole, already. Call it with the cache locked. All work is
 * done in a temporary folder that a rename puts in place, so a kill at any moment leaves no half engine.
 */
export async function putEngineInCache(
  request: EngineRequest,
  context: InstallContext,
): Promise<CachedEngine> {
  const wheels = request.set.wheels.map((wheel) => {
    const given = request.given.find((one) => one.wheel === wheel);
    return {file: wheel.file, sha256: given?.sha256 ?? wheel.sha256, pinned: given?.pinned ?? true};
  });
  const {version: tensorflow} = pinnedWheelName(request.set.wheels[0].file);
  const {kind} = request.set;
  const name = engineName(
    kind,
    tensorflow,
    wheels.map(({sha256}) => sha256),
  );
  const folder = join(context.places.engines, name);
  const existing = request.force ? undefined : await wholeEngine(folder);
  await requireTools(toolsFor(request, existing !== undefined, folder, context), context.environment);
  if (existing !== undefined) {
    const {gpu} = await ensureAddon(folder, context);
    return {folder, manifest: existing, isNew: false, gpu};
  }
  await checkDisk(request, context);
  const temporary = await makeTemporaryFolder(context.places.engines);
  try {
    const files = await unpackSet(request.set.wheels, request.given, {into: temporary, context});
    const {gpu} = await ensureAddon(temporary, context);
    const manifest: EngineManifest = {
      ...{version: 1, name, kind, tensorflow, wheels, files},
      installedAt: new Date().toISOString(),
    };
    await writeJsonAtomically(join(temporary, manifestFile), manifest);
    if (existsSync(folder)) await removeEngineFolder(folder);
    await rename(temporary, folder);
    return {folder, manifest, isNew: true, gpu};
  } catch (error) {
    await rm(temporary, {recursive: true, force: true, maxRetries: 5, retryDelay: 200});
    throw error;
  }
}

async function wholeEngine(folder: string): Promise<EngineManifest | undefined> {
  const manifest = readManifest(folder);
  if (manifest === undefined) return undefined;
  return (await damagedFiles(folder, manifest)).length === 0 ? manifest : undefined;
}

/** Tools are asked for before a long download, not after it. */
function toolsFor(
  {set, given}: EngineRequest,
  isCached: boolean,
  folder: string,
  {places}: InstallContext,
): InstallTool[] {
  const needsPip = !isCached && given.length < set.wheels.length;
  const needsCompiler = !isCached || !existsSync(addonInEngine(folder, places));
  return [...(needsPip ? (['python3', 'pip'] as const) : []), ...(needsCompiler ? (['g++'] as const) : [])];
}

async function checkDisk({set, given}: EngineRequest, {places, freeBytes}: InstallContext): Promise<void> {
  const needed = neededBytes(set.wheels, new Set(given.map(({wheel}) => wheel)));
  checkSpace(places.engines, needed, await freeBytes(places.engines));
}
