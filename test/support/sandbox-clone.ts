import {cpSync, mkdirSync, readdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';

/**
 * A second clone for tests that change an installation: its sources are copies, its npm packages links to ours,
 * but for those in `own`, whose folders are copied from the given paths.
 */
export function sandboxClone(folder: string, own: Readonly<Record<string, string>>): string {
  const root = packageRoot();
  mkdirSync(folder, {recursive: true});
  for (const name of ['bin', 'commands', 'domains', 'recipes', 'src', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(folder, name), {recursive: true});
  }
  const packages = readdirSync(join(root, 'node_modules')).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(root, 'node_modules', name)).map((part) => `${name}/${part}`)
      : [name],
  );
  for (const name of packages) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(join(path, '..'), {recursive: true});
    if (own[name] === undefined) symlinkSync(join(root, 'node_modules', name), path);
    else cpSync(own[name], path, {recursive: true});
  }
  return folder;
}
