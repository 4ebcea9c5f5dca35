import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** The licence that the model card of a folder names in its front matter, if it does. */
export async function licenceOf(folder: string): Promise<string | undefined> {
  const card = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
  const front = /^---\r?\n(.*?)\r?\n---/s.exec(card)?.[1] ?? '';
  const licence = field(front, 'license');
  return licence === 'other' ? (field(front, 'license_name') ?? licence) : licence;
}

/** A scalar of the front matter, or the first item of a list. */
function field(front: string, key: string): string | undefined {
  const value = new RegExp(`^${key}:[ \\t]*(?:\\r?\\n[ \\t]*-[ \\t]+)?(.*)$`, 'm').exec(front)?.[1];
  return value?.trim().replaceAll(/^["'[]+|["'\]]+$/g, '') || undefined;
}
