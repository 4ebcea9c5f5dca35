import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {mkdir, readdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import type {CompiledStep} from '../../engine/step.js';
import {writeSafetensors} from '../../model/safetensors.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

const recordSchema = z.strictObject({
  step: z.int(),
  file: z.string().regex(/^step-\d+\.safetensors$/),
  sha256: z.string(),
});

/** A finished checkpoint: the file is whole before this record exists. */
export type CheckpointRecord = z.output<typeof recordSchema>;

/** How many checkpoints stay: the last, and one more in case the last is damaged on disk. */
const kept = 2;

/**
 * Writes everything the step holds, then its record, then removes old ones. A kill at any moment leaves the
 * previous checkpoint whole.
 */
export async function saveCheckpoint(folder: string, step: number, compiled: CompiledStep): Promise<string> {
  await mkdir(folder, {recursive: true});
  const file = `step-${String(step).padStart(6, '0')}.safetensors`;
  const path = join(folder, file);
  await writeSafetensors(
    path,
    compiled.names().map((name) => {
      const {shape, dtype} = compiled.form(name);
      const stored = {shape, dtype: dtype === 'int32' ? ('I32' as const) : ('F32' as const)};
      return {name, stored, value: () => compiled.read(name)};
    }),
    {metadata: {format: 'fewclip-checkpoint', version: '1', step: String(step)}},
  );
  const record: CheckpointRecord = {step, file, sha256: await sha256OfFile(path)};
  await writeJsonAtomically(join(folder, file.replace('.safetensors', '.json')), record);
  const records = await checkpointRecords(folder);
  for (const old of records.slice(kept)) {
    await rm(join(folder, old.file.replace('.safetensors', '.json')), {force: true});
    await rm(join(folder, old.file), {force: true});
  }
  return path;
}

/** The records of a folder, newest first. Records that cannot be read do not count. */
export async function checkpointRecords(folder: string): Promise<CheckpointRecord[]> {
  const records: CheckpointRecord[] = [];
  for (const name of await entries(folder)) {
    if (!/^step-\d+\.json$/.test(name)) continue;
    try {
      records.push(recordSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))));
    } catch {
      // a record torn by a failing disk is no checkpoint; the one before it is
    }
  }
  return records.sort((a, b) => b.step - a.step);
}

/** The newest checkpoint whose bytes are as they were written; undefined when there is none at all. */
export async function newestWholeCheckpoint(
  folder: string,
): Promise<{readonly step: number; readonly path: string} | undefined> {
  const records = await checkpointRecords(folder);
  for (const {step, file, sha256} of records) {
    const path = join(folder, file);
    const actual = await sha256OfFile(path).catch(() => undefined);
    if (actual === sha256) return {step, path};
  }
  if (records.length > 0) {
    throw new UserError(`${folder}: expected a whole checkpoint, got ${records.length} damaged ones`, {
      exit: exitCodes.data,
      tryThis: 'start again in another folder with --out',
    });
  }
  return undefined;
}

/** Removes files that a killed run left half-written, and checkpoints that never got their record. */
export async function sweepCheckpoints(folder: string): Promise<void> {
  const whole = new Set((await checkpointRecords(folder)).map(({file}) => file));
  for (const name of await entries(folder)) {
    const orphan = name.endsWith('.safetensors') && !whole.has(name);
    if (orphan || name.endsWith('.tmp')) await rm(join(folder, name), {force: true});
  }
}

/** SHA-256 of a file, hexadecimal, read in pieces. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, {highWaterMark: 1 << 20})) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
