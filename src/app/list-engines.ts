import {enginePlaces, type EnginePlaces} from '../engine/install/engine-places.js';
import {linkedEngine, type LinkedEngine} from '../engine/install/linked-engine.js';
import {installedEngines, type InstalledEngine} from '../engine/install/list-installed.js';

export interface EngineList {
  /** Folder of the user cache that holds the engines. */
  readonly folder: string;
  readonly engines: readonly InstalledEngine[];
  /** The engine that fewclip loads; it may lie outside the cache. */
  readonly linked?: LinkedEngine;
}

/** The engines in the cache, and the linked one. */
export async function listEngines(places: EnginePlaces = enginePlaces()): Promise<EngineList> {
  const linked = linkedEngine(places.addonPackage);
  return {folder: places.engines, engines: await installedEngines(places), ...(linked && {linked})};
}
