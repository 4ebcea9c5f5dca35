import {createReadStream} from 'node:fs';
import {extract} from 'tar-stream';

/** A data set of `../shared/data` in memory: the rows of its manifest and its images by file name. */
export interface SharedSet {
  readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly images: ReadonlyMap<string, Buffer>;
}

export const sharedSetNames = [
  ...['ucm', 'rsscn7', 'magento', 'clothing', 'openstax'],
  ...['wesnoth', 'wesnoth-unlabelled', 'flickr8k-train', 'openclipart'],
] as const;

/** Reads a shared data set with nothing of ours, so that our readers cannot hide what is in it. */
export async function readSharedSet(name: string): Promise<SharedSet> {
  const archive = createReadStream(new URL(`../../../shared/data/${name}.tar`, import.meta.url));
  const images = new Map<string, Buffer>();
  let manifest = '';
  for await (const entry of archive.pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const file = entry.header.name.slice(name.length + 1);
    if (file === 'manifest.jsonl') manifest = Buffer.concat(chunks).toString('utf8');
    else if (entry.header.type === 'file') images.set(file, Buffer.concat(chunks));
  }
  const rows = manifest.trim().split('\n');
  return {rows: rows.map((line) => JSON.parse(line) as Record<string, unknown>), images};
}

/** Every string of every row but file names, in order, lists of strings unfolded. */
export function textsOf({rows}: SharedSet): string[] {
  return rows
    .flatMap((row) => Object.entries(row).flatMap(([key, value]) => (key === 'file' ? [] : [value].flat())))
    .filter((value) => typeof value === 'string');
}
