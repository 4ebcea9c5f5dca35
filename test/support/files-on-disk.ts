import {createWriteStream} from 'node:fs';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {pack, type Header} from 'tar-stream';
import {onTestFinished} from 'vitest';

/** Contents by path. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fewclip-'));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** A temporary folder with these files. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), content);
  }
  return folder;
}

export interface TarMember extends Partial<Header> {
  readonly name: string;
  readonly content?: string | Buffer;
}

/** A temporary archive with these members, in order. */
export async function tarOf(members: readonly TarMember[], name = 'set.tar'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  const archive = pack();
  const written = pipeline(archive, createWriteStream(path));
  for (const {content, ...header} of members) archive.entry(header, content ?? '');
  archive.finalize();
  await written;
  return path;
}

/** {@link tarOf} for plain files below a folder. */
export function tarOfFiles(files: Files, below = ''): Promise<string> {
  return tarOf(Object.entries(files).map(([path, content]) => ({name: below + path, content})));
}
