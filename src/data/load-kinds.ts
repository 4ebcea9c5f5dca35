import {join} from 'node:path';
import {listModules, loadModule} from '../support/module-folder.js';
import {moduleRoot} from '../support/package-root.js';

/** Loads every module of a folder of `src/data`, sorted by name: adding a format is adding one file. */
export async function loadKinds<T extends {readonly name: string}>(
  folder: 'stores' | 'layouts' | 'writers' | 'sources',
): Promise<T[]> {
  const path = join(moduleRoot(), 'src/data', folder);
  return Promise.all((await listModules(path)).map((name) => loadModule<T>(path, name, folder)));
}
