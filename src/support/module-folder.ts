import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {BugError, UserError} from './errors.js';
import {knownNames} from './nearest-name.js';

const moduleFile = /^(?<name>[a-z0-9][a-z0-9-+]*)\.(ts|js)$/;

/** Names of the modules in a folder, sorted: the folder is the registry. */
export async function listModules(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).flatMap((file) => moduleFile.exec(file)?.groups?.['name'] ?? []);
  return [...new Set(names)].sort();
}

/**
 * Loads the default export of `<folder>/<name>`.
 * @throws UserError when no such module is there; BugError when its `name` is not its file name.
 */
export async function loadModule<T extends {readonly name: string}>(
  folder: string,
  name: string,
  kind: string,
): Promise<T> {
  const known = await listModules(folder);
  if (!known.includes(name)) {
    throw new UserError(`${kind}: expected a known ${kind}, got ${name} (${knownNames(name, known)})`);
  }
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const loaded = (await import(pathToFileURL(join(folder, `${name}.${extension}`)).href)) as {default: T};
  if (loaded.default.name !== name) {
    throw new BugError(`${kind} ${name}: expected its name to be its file name, got ${loaded.default.name}`);
  }
  return loaded.default;
}
