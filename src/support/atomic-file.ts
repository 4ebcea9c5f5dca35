import {randomUUID} from 'node:crypto';
import {mkdir, open, rename, rm, type FileHandle} from 'node:fs/promises';
import {dirname, join, basename} from 'node:path';

/**
 * Writes a file so that a reader sees the old content or the new, never a part: a temporary file beside the
 * target is filled, synced and renamed, then the folder is synced. `fill` may write as much as it likes.
 */
export async function writeAtomically(
  path: string,
  fill: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, {recursive: true});
  const temporary = join(folder, `.${basename(path)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await fill(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
  await syncFolder(folder);
}

/** {@link writeAtomically} for text and for buffers that are already whole. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await writeAtomically(path, (file) => file.writeFile(content));
}

/** {@link writeAtomically} for a JSON document with a final newline. */
export async function writeJsonAtomically(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
