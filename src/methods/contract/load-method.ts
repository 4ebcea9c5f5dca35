import {fileURLToPath} from 'node:url';
import {listModules, loadModule} from '../../support/module-folder.js';
import type {Method} from './method.js';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Names of all methods, sorted: the files in src/methods. */
export function listMethods(): Promise<string[]> {
  return listModules(folder);
}

/** @throws UserError naming the known methods and the nearest of them when there is none of that name */
export function loadMethod(name: string): Promise<Method> {
  return loadModule<Method>(folder, name, 'method');
}
