import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {sha256OfFile} from './file-hash.js';
import type {InstallContext} from './install-context.js';
import type {InstallEvent} from './install-event.js';
import {interruptedError} from './interrupted.js';
import {downloadWheel} from './pip-download.js';
import {transferRate} from './transfer-rate.js';
import {unpackWheel} from './unpack-wheel.js';
import type {GivenWheel} from './wheel-sources.js';
import type {Wheel} from './wheels.js';

type ProgressPhase = Extract<InstallEvent, {type: 'progress'}>['phase'];

/**
 * Fetches, verifies and unpacks wheels one after the other. A downloaded wheel is deleted once unpacked: what is
 * unpacked is the cache. A given one stays.
 * @returns path within the engine -> size in bytes
 */
export async function unpackSet(
  wheels: readonly Wheel[],
  given: readonly GivenWheel[],
  {into, context}: {readonly into: string; readonly context: InstallContext},
): Promise<Record<string, number>> {
  const files: Record<string, number> = {};
  for (const wheel of wheels) {
    const own = given.find((one) => one.wheel === wheel);
    const downloads = join(into, 'download');
    const path = own?.path ?? (await fetchVerified(wheel, downloads, context));
    const onBytes = progress('unpack', wheel.file, context);
    const {signal} = context;
    Object.assign(files, await unpackWheel(path, {into, take: wheel.take, signal, onBytes}));
    await rm(downloads, {recursive: true, force: true});
  }
  return files;
}

async function fetchVerified(wheel: Wheel, folder: string, context: InstallContext): Promise<string> {
  const {environment, signal} = context;
  const onDownload = progress('download', wheel.file, context);
  onDownload(0, wheel.bytes);
  const path = await downloadWheel(wheel, {
    ...{folder, environment, signal},
    onBytes: (bytes) => onDownload(bytes, wheel.bytes),
  });
  const onVerify = progress('verify', wheel.file, context);
  const sha256 = await sha256OfFile(path, {onBytes: (bytes) => onVerify(bytes, wheel.bytes), signal}).catch(
    (error: unknown) => {
      throw signal.aborted ? interruptedError(signal) : error;
    },
  );
  if (sha256 === wheel.sha256) return path;
  throw new UserError(`${wheel.file}: expected the SHA-256 ${wheel.sha256}, got ${sha256}`, {
    exit: exitCodes.engine,
    tryThis: 'run the same command again; if it stays so, the index that pip uses serves another file',
  });
}

/** Turns byte counts into events with a rate, ten a second at most and always the last, once. */
function progress(
  phase: ProgressPhase,
  file: string,
  {onEvent}: InstallContext,
): (done: number, total: number) => void {
  const rate = transferRate();
  let toldMs = -Infinity;
  let isComplete = false;
  return (doneBytes, totalBytes) => {
    const nowMs = performance.now();
    if (isComplete || (nowMs - toldMs < 100 && doneBytes < totalBytes)) return;
    toldMs = nowMs;
    isComplete = doneBytes >= totalBytes;
    const bytesPerSecond = rate.sample(doneBytes, nowMs);
    onEvent({type: 'progress', phase, file, doneBytes, totalBytes, bytesPerSecond});
  };
}
