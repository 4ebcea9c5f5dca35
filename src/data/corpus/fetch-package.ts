import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {lastLines, runTool} from '../../engine/install/run-tool.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** An npm package in one version. */
export interface ExactPackage {
  readonly name: string;
  readonly version: string;
}

/**
 * The unpacked package in a folder of packages, fetched with npm if it is not there: no script of it runs, and what it depends
 * on is left out of what is kept. It appears whole or not at all.
 * @param folder where packages are kept
 * @throws UserError (retry) when npm cannot fetch it
 */
export async function fetchPackage(
  folder: string,
  {name, version}: ExactPackage,
  onNotice: (message: string) => void,
): Promise<string> {
  const target = join(folder, `${name}@${version}`);
  if (existsSync(target)) return target;
  onNotice(`fetching ${name}@${version} with npm`);
  await mkdir(dirname(target), {recursive: true});
  const temporary = await mkdtemp(join(folder, '.fetch-'));
  try {
    // npm looks for a package.json in the folders above when there is none
    await writeFile(join(temporary, 'package.json'), '{"private": true}\n');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
    const args = ['install', '--prefix', temporary, ...quiet, `${name}@${version}`];
    const {status, missing, stderr} = await runTool('npm', args);
    if (status !== 0) {
      const got = missing ? 'no npm on the path' : lastLines(stderr, 3) || `exit status ${status}`;
      throw new UserError(`${name}@${version}: expected npm to fetch it, got: ${got}`, {
        exit: exitCodes.retry,
        tryThis: 'check the network, then the same command again',
      });
    }
    await rename(join(temporary, 'node_modules', name), target).catch((error: NodeJS.ErrnoException) => {
      // another process was faster
      if (!existsSync(target)) throw error;
    });
    return target;
  } finally {
    await rm(temporary, {recursive: true, force: true});
  }
}
