import {createHash} from 'node:crypto';
import {existsSync, readFileSync} from 'node:fs';
import {mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import {nodeApiVersion, type EnginePlaces} from './engine-places.js';
import {interruptedError} from './interrupted.js';
import {compiler} from './required-tools.js';
import {lastLines, runTool} from './run-tool.js';

const flags = ['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${nodeApiVersion}`];
/** The addon lies in `<engine>/addons/<key>`; the second entry serves a copy in `lib/napi-v8` of the package. */
const runPaths = '-Wl,-rpath,$ORIGIN/../../lib:$ORIGIN/../../deps/lib';

/** Where an engine keeps the addon for these versions of tfjs-node-gpu and of the Node-API headers. */
export function addonInEngine(engine: string, {addonPackage, headersPackage}: EnginePlaces): string {
  const tfjs = packageVersion(addonPackage);
  const parts = [tfjs, packageVersion(headersPackage), ...flags, runPaths];
  const key = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 8);
  return join(engine, 'addons', `${tfjs}-${key}`, 'tfjs_binding.node');
}

export interface BuildOptions {
  readonly places: EnginePlaces;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Builds tfjs-node-gpu's addon against the libraries and headers of an engine. It uses only TensorFlow's C API,
 * which is stable, so the newest TensorFlow serves.
 * @throws UserError (exit `engine`) with the compiler's words
 */
export async function buildAddon(engine: string, output: string, options: BuildOptions): Promise<void> {
  const {places, environment, signal} = options;
  const sources = (await readdir(join(places.addonPackage, 'binding'))).filter((name) =>
    name.endsWith('.cc'),
  );
  await mkdir(join(output, '..'), {recursive: true});
  const libraries = join(engine, 'lib');
  const args = [
    ...flags,
    `-I${join(places.headersPackage, 'include')}`,
    `-I${join(engine, 'include')}`,
    `-I${places.addonPackage}`,
    ...sources.map((name) => join(places.addonPackage, 'binding', name)),
    ...['-o', output, `-L${libraries}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    runPaths,
  ];
  const result = await runTool(compiler(environment), args, {environment, signal});
  if (signal.aborted) throw interruptedError(signal);
  if (result.status === 0 && existsSync(output)) return;
  const said = result.missing ? 'no such program' : lastLines(result.stderr, 20);
  throw new UserError(`engine install: expected ${compiler(environment)} to build the addon, got:\n${said}`, {
    exit: exitCodes.engine,
    tryThis: 'fewclip doctor shows which compiler is used; set CXX to use another one',
  });
}

function packageVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {version: string}).version;
}
