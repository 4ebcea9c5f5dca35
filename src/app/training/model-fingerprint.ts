import {createHash} from 'node:crypto';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {sha256OfFile} from './checkpoints.js';

/** Hashes of files that this process has read, by path, size and time of the last change. */
const known = new Map<string, Promise<string>>();

/**
 * SHA-256 over the names and bytes of a model folder's weights, configuration and vocabulary. A file that has not changed is
 * read once: a comparison plans dozens of runs on one model.
 */
export async function modelFingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const files = (await readdir(folder)).filter((name) => /\.(safetensors|json|txt|gz)$/.test(name)).sort();
  for (const name of files) hash.update(`${name}\n${await hashOf(join(folder, name))}\n`);
  return hash.digest('hex');
}

async function hashOf(path: string): Promise<string> {
  const {size, mtimeMs} = await stat(path);
  const key = `${path}\n${size}\n${mtimeMs}`;
  const hashed = known.get(key) ?? sha256OfFile(path);
  known.set(key, hashed);
  return hashed;
}
