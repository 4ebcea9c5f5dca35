import {existsSync} from 'node:fs';
import {rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {addonInEngine, buildAddon} from './build-addon.js';
import type {InstallContext} from './install-context.js';
import {interruptedError} from './interrupted.js';
import {probeTensorflow, type LoadedTensorflow} from './probe-engine.js';
import {requireTools} from './required-tools.js';
import {makeTemporaryFolder, removeTemporaryFolders} from './temporary-folders.js';

/**
 * Sees to it that an engine has an addon for the installed tfjs-node-gpu that really loads here: a cache that
 * several machines share may hold one that was built on a newer system.
 * @throws UserError (exit `engine`) when it cannot be built or TensorFlow does not start
 */
export async function ensureAddon(engine: string, context: InstallContext): Promise<LoadedTensorflow> {
  const {places, signal, environment, onEvent} = context;
  const addon = addonInEngine(engine, places);
  if (existsSync(addon)) {
    onEvent({type: 'phase', phase: 'check'});
    const probe = await probeTensorflow(addon, signal);
    if (probe.works) return probe.value;
    if (signal.aborted) throw interruptedError(signal);
  }
  await requireTools(['g++'], environment);
  const addons = join(engine, 'addons');
  await removeTemporaryFolders(addons);
  // as deep as the final place, so that the addon finds its libraries from there too
  const temporary = await makeTemporaryFolder(addons);
  try {
    onEvent({type: 'phase', phase: 'build'});
    await buildAddon(engine, join(temporary, basename(addon)), {places, environment, signal});
    onEvent({type: 'phase', phase: 'check'});
    const loaded = await loadOrThrow(join(temporary, basename(addon)), signal);
    await rm(dirname(addon), {recursive: true, force: true});
    await rename(temporary, dirname(addon));
    return loaded;
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}

async function loadOrThrow(addon: string, signal: AbortSignal): Promise<LoadedTensorflow> {
  const probe = await probeTensorflow(addon, signal);
  if (signal.aborted) throw interruptedError(signal);
  if (probe.works) return probe.value;
  throw new UserError(`engine install: expected TensorFlow to load, got: ${probe.reason}`, {
    exit: exitCodes.engine,
    tryThis: 'fewclip doctor shows what this machine lacks; --engine wasm works without TensorFlow',
  });
}
