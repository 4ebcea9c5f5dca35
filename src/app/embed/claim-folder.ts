import {readdir, rm, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {
  readEmbeddingRecord,
  writeEmbeddingRecord,
  type EmbeddingRecord,
} from '../../data/embeddings/embedding-folder.js';
import {exitCodes, UserError} from '../../support/errors.js';

/**
 * Makes a folder that is locked the one of a record: when it is empty, or holds the same already. What a process that was
 * killed while it wrote has left behind is removed.
 * @throws UserError (locked) when it holds other embeddings
 */
export async function claimFolder(out: string, record: EmbeddingRecord): Promise<void> {
  await removeTorn(out);
  const before = await readEmbeddingRecord(out);
  if (before === undefined) return writeEmbeddingRecord(out, record);
  const same = (one: EmbeddingRecord) => ({...one, model: one.model.key, data: {...one.data, path: ''}});
  if (isDeepStrictEqual(same(before), same(record))) return;
  throw new UserError(
    `${out}: expected embeddings of the same model, data and options, got others (${difference(before, record)})`,
    {exit: exitCodes.locked, tryThis: 'choose another folder with --out, or remove this one'},
  );
}

function difference(before: EmbeddingRecord, record: EmbeddingRecord): string {
  if (before.model.key !== record.model.key) return `the model ${before.model.reference}, or another engine`;
  if (before.data.fingerprint !== record.data.fingerprint) return `other images of ${before.data.path}`;
  const names = ['dtype', 'texts', 'metadata', 'shardSize'] as const;
  const different = names.filter((name) => before[name] !== record[name]);
  return different.map((name) => `${name} ${String(before[name])}`).join(', ');
}

async function removeTorn(out: string): Promise<void> {
  const names = await readdir(out, {recursive: true});
  const torn = names.filter((name) => /^\..*\.tmp$/.test(basename(name)));
  await Promise.all(torn.map((name) => rm(join(out, name), {force: true})));
}

/**
 * Makes sure that a folder can be claimed, before any work is done.
 * @throws UserError when it is a file, or holds anything but embeddings
 */
export async function refuseOtherFolder(out: string): Promise<void> {
  const stats = await stat(out).catch(() => undefined);
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new UserError(`--out: expected a folder, got the file ${out}`);
  // a run that was killed before its record was written leaves its lock
  const names = (await readdir(out)).filter((name) => name !== 'lock.json');
  if (names.length === 0 || (await readEmbeddingRecord(out)) !== undefined) return;
  throw new UserError(
    `--out: expected an empty folder or one of embeddings, got ${names.length} other files in ${out}`,
    {
      exit: exitCodes.locked,
      tryThis: 'choose another folder',
    },
  );
}
