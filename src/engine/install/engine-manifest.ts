import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {EngineKind} from './wheels.js';

/** What `manifest.json` of an installed engine says; written last, so its presence means that all is there. */
export interface EngineManifest {
  readonly version: 1;
  readonly name: string;
  readonly kind: EngineKind;
  /** Version of TensorFlow. */
  readonly tensorflow: string;
  readonly wheels: readonly {readonly file: string; readonly sha256: string; readonly pinned: boolean}[];
  /** Path within the engine -> size in bytes. */
  readonly files: Readonly<Record<string, number>>;
  /** ISO 8601. */
  readonly installedAt: string;
}

export const manifestFile = 'manifest.json';

/**
 * Name of an engine, the same for the same wheels: `tensorflow-2.21.0-cpu-1a2b3c4d`.
 * @param hashes SHA-256 of each wheel, in the order of the set
 */
export function engineName(kind: EngineKind, tensorflow: string, hashes: readonly string[]): string {
  const key = createHash('sha256').update(hashes.join('\n')).digest('hex').slice(0, 8);
  return `tensorflow-${tensorflow}-${kind}-${key}`;
}

/** The manifest of an engine's folder; undefined when there is none that can be read. */
export function readManifest(folder: string): EngineManifest | undefined {
  try {
    const value = JSON.parse(readFileSync(join(folder, manifestFile), 'utf8')) as EngineManifest;
    return value.version === 1 && typeof value.name === 'string' && typeof value.files === 'object'
      ? value
      : undefined;
  } catch {
    // no such engine, or a torn one: either way nothing to use
    return undefined;
  }
}

/** Names of the manifest's files that are missing or have another size than when they were unpacked. */
export async function damagedFiles(folder: string, manifest: EngineManifest): Promise<string[]> {
  const checks = Object.entries(manifest.files).map(async ([path, bytes]) => {
    const found = await stat(join(folder, path)).catch(() => undefined);
    return found?.size === bytes ? [] : [path];
  });
  return (await Promise.all(checks)).flat();
}

/** Bytes that an engine's files take. */
export function engineBytes(manifest: EngineManifest): number {
  return Object.values(manifest.files).reduce((sum, bytes) => sum + bytes, 0);
}
