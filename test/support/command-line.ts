import {join} from 'node:path';
import {packageRoot} from '../../src/support/package-root.js';

/**
 * What Node is given to run the command line of an installation: ours is built, which starts many times faster; a copy
 * of the sources runs as it is.
 */
export function commandLine(root: string = packageRoot()): readonly string[] {
  if (root === packageRoot()) return [join(root, 'bin', 'run.js')];
  return ['--import', import.meta.resolve('tsx'), join(root, 'bin', 'dev.js')];
}
