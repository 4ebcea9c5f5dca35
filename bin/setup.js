#!/usr/bin/env node
// Makes a clone ready to run, and does nothing when it is: npm packages, dist, the TensorFlow engine.
//   node bin/setup.js [--engine-optional]
// FEWCLIP_SETUP_ENGINE=none|cpu|cuda chooses the engine (cpu by default); with --engine-optional a failed engine
// is told and survived. Exit 0 ready, 4 the engine failed, 1 anything else.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const packagesStamp = at('node_modules', '.fewclip-setup.json');
const buildStamp = at('dist', '.fewclip-build.json');
const engines = ['none', 'cpu', 'cuda'];

/** A step that failed, told without a stack. */
class SetupError extends Error {
  constructor(message, tryThis, exitCode = 1) {
    super(message);
    this.tryThis = tryThis;
    this.exitCode = exitCode;
  }
}

const say = (line) => process.stderr.write(`setup: ${line}\n`);
const readText = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 20) || major === 22) return;
  const got = `expected Node 20.20 or 22, got ${process.versions.node}`;
  if (major <= 20) throw new SetupError(got, 'nvm install 22 (or another way to Node 22)');
  say(`${got}: going on, but it is not tested with this one`);
}

/** Runs a program to its end; on failure tells the last lines that it printed. */
function run(program, args, tryThis) {
  const {status, error, stdout, stderr} = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (!error && status === 0) return;
  const lines = `${stdout ?? ''}\n${stderr ?? ''}`.split('\n').filter((line) => line.trim() !== '');
  const said = error ? [error.message] : lines.slice(-20);
  throw new SetupError(`${program} ${args.join(' ')} failed:\n${said.join('\n')}`, tryThis);
}

function lockHash() {
  return sha256(readText(at('package-lock.json')) ?? '');
}

/** Whether what npm wrote about node_modules agrees with the lockfile: someone ran npm by hand. */
function installedAsLocked() {
  const installed = JSON.parse(readText(at('node_modules', '.package-lock.json')) ?? '{}').packages;
  const locked = JSON.parse(readText(at('package-lock.json'))).packages;
  return Object.entries(locked).every(([path, {version, integrity, optional}]) => {
    const found = installed?.[path];
    if (path === '' || (optional && !found)) return true;
    return found?.version === version && found?.integrity === integrity && existsSync(at(path));
  });
}

function packagesAreFresh() {
  // a package from the registry brings its packages and its dist with it
  if (!existsSync(at('package-lock.json'))) return true;
  const stamp = readText(packagesStamp);
  return stamp !== undefined && JSON.parse(stamp).lock === lockHash();
}

function installPackages() {
  if (!installedAsLocked()) {
    say('installing the npm packages (npm ci)');
    run('npm', ['ci'], 'check the network, then: npm ci');
  }
  writeFileSync(packagesStamp, JSON.stringify({lock: lockHash()}));
}

/** Changes with every source file that is added, removed or written. */
function sourcesHash() {
  const files = ['commands', 'domains', 'src'].flatMap((folder) => {
    if (!existsSync(at(folder))) return [];
    const entries = readdirSync(at(folder), {recursive: true, withFileTypes: true});
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  });
  const all = [...files.sort(), at('tsconfig.json'), at('tsconfig.build.json')];
  const lines = all.map((path) => {
    const {mtimeMs, size} = statSync(path);
    return `${path} ${mtimeMs} ${size}`;
  });
  return sha256([lockHash(), ...lines].join('\n'));
}

function buildIsFresh() {
  if (!existsSync(at('tsconfig.build.json'))) return true;
  const stamp = readText(buildStamp);
  return stamp !== undefined && JSON.parse(stamp).sources === sourcesHash();
}

/**
 * Compiles into an empty folder and swaps it in, so that no output of a removed source stays behind; then lists the
 * commands for a quick start.
 */
async function build() {
  say('compiling the sources to dist');
  const leftovers = readdirSync(at('node_modules')).filter((name) => /^\.fewclip-(new|old)-/.test(name));
  for (const name of leftovers) rmSync(at('node_modules', name), {recursive: true, force: true});
  const fresh = at('node_modules', `.fewclip-new-${process.pid}`);
  const old = at('node_modules', `.fewclip-old-${process.pid}`);
  // before the compiler reads them: a file that is written meanwhile makes the next setup compile again
  const sources = sourcesHash();
  const tsc = at('node_modules', 'typescript', 'bin', 'tsc');
  try {
    const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh];
    run(process.execPath, args, 'mend the type errors above, or take a released version');
    if (existsSync(at('dist'))) renameSync(at('dist'), old);
    renameSync(fresh, at('dist'));
    // in development and test oclif would list the sources, which the built command line cannot load
    process.env.NODE_ENV = 'production';
    const {writeCommandManifest} = await import('../dist/src/cli/command-manifest.js');
    await writeCommandManifest(root);
    // last: without it the next setup does all of this again
    writeFileSync(buildStamp, JSON.stringify({sources}));
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, {recursive: true, force: true});
  }
}

/** Holds a name that the kernel frees when this process ends, however it ends, so that two setups take turns. */
async function lockSetup() {
  let told = false;
  for (;;) {
    const server = createServer().unref();
    const code = await new Promise((resolve) => {
      // an abstract socket of Linux; elsewhere listening fails and setup runs unlocked
      server
        .once('error', (error) => resolve(error.code))
        .listen(`\0fewclip-setup-${sha256(root)}`, () => resolve('held'));
    });
    if (code !== 'EADDRINUSE') return server;
    if (!told) say('another setup is at work here: waiting for it');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function installEngine(optional) {
  const wanted = process.env.FEWCLIP_SETUP_ENGINE || 'cpu';
  if (!engines.includes(wanted)) {
    throw new SetupError(
      `FEWCLIP_SETUP_ENGINE: expected ${engines.join(', ')}, got ${wanted}`,
      'FEWCLIP_SETUP_ENGINE=cpu',
    );
  }
  if (wanted === 'none') return;
  const {linkedEngine} = await import('../dist/src/engine/install/linked-engine.js');
  const linked = linkedEngine();
  if (linked && (linked.cuda || wanted === 'cpu')) return;
  say('installing the TensorFlow engine (FEWCLIP_SETUP_ENGINE=none skips this)');
  const args = [at('bin', 'run.js'), 'engine', 'install', `--${wanted}`];
  const {status, signal} = spawnSync(process.execPath, args, {cwd: root, stdio: ['ignore', 2, 2]});
  if (status === 0) return;
  if (signal || status > 128) throw new SetupError('stopped while installing the engine', 'npm run setup');
  if (!optional) {
    throw new SetupError(
      'the TensorFlow engine is not there',
      'what the lines above say, then: npm run setup',
      4,
    );
  }
  say('going on without TensorFlow: the wasm engine does the same, slowly');
}

async function main() {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--engine-optional');
  if (unknown.length > 0)
    throw new SetupError(`expected --engine-optional or nothing, got ${unknown.join(' ')}`, 'npm run setup');
  checkNode();
  if (!packagesAreFresh() || !buildIsFresh()) {
    const lock = await lockSetup();
    // again, now alone: another setup may have done it meanwhile
    if (!packagesAreFresh()) installPackages();
    if (!buildIsFresh()) await build();
    lock.close();
  }
  await installEngine(process.argv.includes('--engine-optional'));
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\nTry this: ${error.tryThis}\n`);
  process.exitCode = error.exitCode;
}
