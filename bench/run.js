#!/usr/bin/env node
// Runs a bench: npm run bench -- NAME [options]; without a name it lists them. Sets the clone up first.
import {spawnSync} from 'node:child_process';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

/** `gpu --from DIR` takes the engine that was prepared there: this machine may have no network. */
function preparedEngine() {
  const at = args.indexOf('--from');
  if (args[0] !== 'gpu' || at < 0 || args[at + 1] === undefined) return {};
  const kind = args[args.indexOf('--device') + 1] === 'cpu' ? 'cpu' : 'cuda';
  return {FEWCLIP_CACHE: join(process.cwd(), args[at + 1], 'cache'), FEWCLIP_SETUP_ENGINE: kind};
}

Object.assign(process.env, preparedEngine());
const setup = spawnSync(process.execPath, [join(root, 'bin', 'setup.js')], {stdio: 'inherit'});
if (setup.status === 0) {
  const {register} = await import('tsx/esm/api');
  register();
  const {main} = await import('./main.ts');
  process.exitCode = await main(args);
} else {
  process.exitCode = setup.status ?? 1;
}
