import {execFileSync} from 'node:child_process';
import {UserError} from '../../src/support/errors.js';
import {makePythonEnvironment} from '../../test/support/python-environment.js';

/** The option of every bench with a PyTorch peer. */
export const pythonOption = {
  python: {type: 'string', value: 'FILE', text: 'an interpreter with torch and open_clip'},
} as const;

/**
 * The interpreter of the PyTorch peer: the one that was named, else that of the environment in the user cache, which is
 * made when it is not there.
 * @throws UserError when it cannot be made
 */
export function peerPython(named: string | undefined): string {
  if (named !== undefined) return named;
  try {
    return makePythonEnvironment();
  } catch (error) {
    throw new UserError(`PyTorch: ${error instanceof Error ? error.message : String(error)}`, {
      tryThis: '--python FILE, an interpreter that has torch and open_clip',
    });
  }
}

/** OpenAI's merge table, which open_clip brings along. */
export function mergeTableOf(python: string): string {
  const code = 'import importlib.util as u; print(u.find_spec("open_clip").submodule_search_locations[0])';
  const folder = execFileSync(python, ['-c', code], {encoding: 'utf8'}).trim();
  return `${folder}/bpe_simple_vocab_16e6.txt.gz`;
}
