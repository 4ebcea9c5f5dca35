import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';

/** Before all tests: makes sure that the built command line, which tests run in processes of its own, is that of the sources. */
export default function buildOnce(): void {
  const env = {...process.env, FEWCLIP_SETUP_ENGINE: 'none'};
  execFileSync(process.execPath, [join(packageRoot(), 'bin', 'setup.js')], {stdio: 'inherit', env});
}
