import {existsSync} from 'node:fs';
import {statfs} from 'node:fs/promises';
import {dirname} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {formatBytes} from '../../support/format-bytes.js';
import type {Wheel} from './wheels.js';

/** Bytes that this user may still write to the file system of a folder, which need not exist yet. */
export async function freeBytes(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const {bavail, bsize} = await statfs(existing);
  return bavail * bsize;
}

/** Slack for headers, folders, the addon and pip's own files. */
const slackBytes = 50_000_000;

/**
 * Most bytes that an installation takes at once: wheels are handled one after the other, and each is deleted
 * after it was unpacked. pip copies a download once, so a wheel counts twice while it is fetched.
 */
export function neededBytes(wheels: readonly Wheel[], given: ReadonlySet<Wheel>): number {
  let unpacked = 0;
  let most = 0;
  for (const wheel of wheels) {
    const fetched = given.has(wheel) ? 0 : wheel.bytes;
    most = Math.max(most, unpacked + 2 * fetched, unpacked + fetched + wheel.unpackedBytes);
    unpacked += wheel.unpackedBytes;
  }
  return most + slackBytes;
}

/** @throws UserError (exit `engine`) when a folder's file system has not `needed` bytes free. */
export function checkSpace(folder: string, needed: number, free: number): void {
  if (free >= needed) return;
  throw new UserError(`${folder}: expected ${formatBytes(needed)} of free disk, got ${formatBytes(free)}`, {
    exit: exitCodes.engine,
    tryThis:
      'fewclip engine remove --all, or a cache elsewhere: FEWCLIP_CACHE=/a/larger/disk fewclip engine install',
  });
}
