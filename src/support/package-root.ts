import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {BugError} from './errors.js';

/** The folder of our package.json, from the sources and from dist alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    const parent = dirname(folder);
    if (parent === folder)
      throw new BugError('packageRoot: expected a package.json above this file, got none');
    folder = parent;
  }
}

/** A folder that holds modules, beside the file that asks: in dist when built, else in the sources. */
export function moduleRoot(): string {
  // this file is <moduleRoot>/src/support/package-root.{ts,js}
  return dirname(dirname(dirname(fileURLToPath(import.meta.url))));
}
