import {basename, resolve} from 'node:path';
import {stat} from 'node:fs/promises';
import {exitCodes, UserError} from '../../support/errors.js';
import {sha256OfFile} from './file-hash.js';
import {parseWheelName, pinnedWheelName} from './wheel-name.js';
import {engineKinds, type EngineKind, type Wheel, type WheelSet} from './wheels.js';

/** A wheel that a person gave, and the wheel of the pins that it stands for. */
export interface GivenWheel {
  readonly path: string;
  readonly sha256: string;
  readonly pinned: boolean;
  readonly wheel: Wheel;
  readonly kind: EngineKind;
}

export interface GivenOptions {
  readonly sets: Readonly<Record<EngineKind, WheelSet>>;
  /** Accept a wheel of the right project and version whose hash is not pinned. */
  readonly force: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Recognises a wheel by its hash, whatever it is called; with `force` also by its name.
 * @throws UserError: a missing file is a usage error, a wheel that is not pinned an engine error
 */
export async function recogniseWheel(path: string, options: GivenOptions): Promise<GivenWheel> {
  const absolute = resolve(path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found?.isFile()) throw new UserError(`--wheel: expected a file, got ${path}`);
  const sha256 = await sha256OfFile(absolute, options.signal ? {signal: options.signal} : {});
  const candidates = engineKinds.flatMap((kind) => options.sets[kind].wheels.map((wheel) => ({kind, wheel})));
  const pinned = candidates.find(({wheel}) => wheel.sha256 === sha256);
  if (pinned !== undefined) return {...pinned, path: absolute, sha256, pinned: true};
  const named = candidates.find(({wheel}) => isSameRelease(basename(absolute), wheel.file));
  if (named !== undefined && options.force) return {...named, path: absolute, sha256, pinned: false};
  throw unknownWheel(path, sha256, named?.wheel, options.sets);
}

/** Same project, same version, and for the same kind of machine. */
function isSameRelease(file: string, pinnedFile: string): boolean {
  const name = parseWheelName(file);
  const pinned = pinnedWheelName(pinnedFile);
  return (
    name !== undefined &&
    name.project === pinned.project &&
    name.version === pinned.version &&
    name.platforms.some((platform) => platform.endsWith('x86_64'))
  );
}

function unknownWheel(
  path: string,
  sha256: string,
  named: Wheel | undefined,
  sets: GivenOptions['sets'],
): UserError {
  if (named !== undefined) {
    return new UserError(`--wheel: expected ${path} to have the SHA-256 ${named.sha256}, got ${sha256}`, {
      exit: exitCodes.engine,
      tryThis: 'fetch it again, or add --force if you built it yourself and trust it',
    });
  }
  const known = engineKinds.map((kind) => sets[kind].wheels[0].file).join(' or ');
  return new UserError(`--wheel: expected ${known}, got ${basename(path)} with the SHA-256 ${sha256}`, {
    exit: exitCodes.engine,
  });
}
