import {addonPath, enginePlaces} from '../../engine/install/engine-places.js';
import {linkedEngine, type LinkedEngine} from '../../engine/install/linked-engine.js';
import {probeTensorflow, type LoadedTensorflow, type Probe} from '../../engine/install/probe-engine.js';
import {probeSharp, probeWasm, type LoadedPackage} from '../../engine/install/probe-packages.js';

/** What could compute here, each tried in a process of its own. */
export interface EngineFacts {
  readonly linked?: LinkedEngine;
  /** Present when an engine is linked. */
  readonly tensorflow?: Probe<LoadedTensorflow>;
  readonly wasm: Probe<LoadedPackage>;
  /** The library that decodes images. */
  readonly sharp: Probe<LoadedPackage>;
}

/** Tries the engines. */
export async function tryEngines(): Promise<EngineFacts> {
  const linked = linkedEngine();
  const [tensorflow, wasm, sharp] = await Promise.all([
    linked === undefined ? undefined : probeTensorflow(addonPath(enginePlaces().addonPackage)),
    probeWasm(),
    probeSharp(),
  ]);
  return {...(linked && {linked}), ...(tensorflow && {tensorflow}), wasm, sharp};
}
