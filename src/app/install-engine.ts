import {existsSync} from 'node:fs';
import {freeBytes} from '../engine/install/disk-space.js';
import {engineBytes} from '../engine/install/engine-manifest.js';
import {enginePlaces, type EnginePlaces} from '../engine/install/engine-places.js';
import type {InstallEvent, OnInstallEvent} from '../engine/install/install-event.js';
import {installEngineSet} from '../engine/install/install-engine-set.js';
import {platformFacts, type PlatformFacts} from '../engine/install/platform.js';
import {recogniseWheel, type GivenWheel} from '../engine/install/wheel-sources.js';
import {wheelSets, type EngineKind, type WheelSet} from '../engine/install/wheels.js';
import {UserError} from '../support/errors.js';

export type {InstallEvent};

export interface InstallEngineOptions {
  /** By default the kind of the given wheels, else `cpu`. */
  readonly kind?: EngineKind;
  /** Paths of wheels that were downloaded already; what is missing is fetched with pip. */
  readonly wheels?: readonly string[];
  /** Install again what is in the cache, and accept wheels whose hash is not pinned. */
  readonly force?: boolean;
  readonly onEvent?: OnInstallEvent;
  /** Abort with the reason `SIGINT` or `SIGTERM`. */
  readonly signal?: AbortSignal;
}

/** What the installation stands on; replaced in tests by small wheels, folders and programs. */
export interface InstallSurroundings {
  readonly sets: Readonly<Record<EngineKind, WheelSet>>;
  readonly places: EnginePlaces;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: PlatformFacts;
  readonly freeBytes: (folder: string) => Promise<number>;
  /** Whether an NVIDIA driver is loaded. */
  readonly hasGpu: boolean;
}

export interface InstallEngineResult {
  readonly name: string;
  readonly kind: EngineKind;
  readonly tensorflow: string;
  /** Folder in the cache that is now linked. */
  readonly folder: string;
  readonly bytes: number;
  /** False when the cache had it before and only links were made. */
  readonly isNew: boolean;
  /** Whether TensorFlow found a GPU. */
  readonly gpu: boolean;
  readonly seconds: number;
}

/** The surroundings of this installation of fewclip. */
export function installSurroundings(): InstallSurroundings {
  return {
    sets: wheelSets,
    places: enginePlaces(),
    environment: process.env,
    platform: platformFacts(),
    freeBytes,
    hasGpu: existsSync('/proc/driver/nvidia/version'),
  };
}

/**
 * Installs a TensorFlow engine and makes it the one that fewclip loads.
 * @throws UserError: exit `engine` for what a person must mend, `retry` for the network, `usage` for wheels that
 * do not go together
 */
export async function installEngine(
  options: InstallEngineOptions = {},
  surroundings: InstallSurroundings = installSurroundings(),
): Promise<InstallEngineResult> {
  const startMs = performance.now();
  const {signal = new AbortController().signal, onEvent = () => undefined, force = false} = options;
  const given: GivenWheel[] = [];
  for (const path of options.wheels ?? []) {
    given.push(await recogniseWheel(path, {sets: surroundings.sets, force, signal}));
  }
  const kind = chooseKind(options.kind, given);
  if (kind === 'cpu' && options.kind === undefined && surroundings.hasGpu) {
    onEvent({
      type: 'notice',
      message: 'this machine has an NVIDIA GPU: `fewclip engine install --cuda` uses it',
    });
  }
  const {places, environment, platform} = surroundings;
  const engine = await installEngineSet({set: surroundings.sets[kind], given, force}, platform, {
    ...{places, environment, signal, onEvent},
    freeBytes: (folder) => surroundings.freeBytes(folder),
  });
  const {manifest, folder, isNew, gpu} = engine;
  return {
    ...{name: manifest.name, kind, tensorflow: manifest.tensorflow, folder, isNew, gpu},
    bytes: engineBytes(manifest),
    seconds: (performance.now() - startMs) / 1000,
  };
}

function chooseKind(asked: EngineKind | undefined, given: readonly GivenWheel[]): EngineKind {
  const kind = asked ?? given[0]?.kind ?? 'cpu';
  const other = given.find((wheel) => wheel.kind !== kind);
  if (other !== undefined) {
    throw new UserError(
      `--wheel: expected wheels of the ${kind} engine, got ${other.path} of the ${other.kind} engine`,
    );
  }
  return kind;
}
