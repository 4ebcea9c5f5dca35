import {enginePlaces, type EnginePlaces} from '../engine/install/engine-places.js';
import {removeEngines} from '../engine/install/remove-installed.js';
import type {InstalledEngine} from '../engine/install/list-installed.js';

export interface RemoveEngineOptions {
  /** The name of an engine, or the start of one. */
  readonly which: {readonly name: string} | 'all';
  readonly onNotice?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface RemovedEngines {
  readonly removed: readonly InstalledEngine[];
  readonly freedBytes: number;
}

/**
 * Removes engines from the cache.
 * @throws UserError (exit `usage`) for a name that fits none or several
 */
export async function removeEngine(
  {which, onNotice = () => undefined, signal = new AbortController().signal}: RemoveEngineOptions,
  places: EnginePlaces = enginePlaces(),
): Promise<RemovedEngines> {
  const removed = await removeEngines(which, places, {onNotice, signal});
  return {removed, freedBytes: removed.reduce((sum, {bytes}) => sum + bytes, 0)};
}
