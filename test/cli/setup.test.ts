import {execFile} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {packageRoot} from '../../src/support/package-root.js';

/** A clone of three source files, with a played npm, a real compiler and a played `engine install`. */
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'fewclip-setup-'));
  const root = packageRoot();
  cpSync(join(root, 'bin/setup.js'), join(clone, 'bin/setup.js'), {recursive: true});
  // without the types of Node, which the compiler takes a second to read
  const compilerOptions = {
    ...{target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', strict: true},
    types: [],
    rootDir: '.',
  };
  write('tsconfig.json', JSON.stringify({compilerOptions}));
  cpSync(join(root, 'tsconfig.build.json'), join(clone, 'tsconfig.build.json'));
  write('package.json', '{"type": "module"}');
  lock('1.0.0');
  write('src/a.ts', 'export const a: number = 1;\n');
  write('commands/b.ts', "export {a as b} from '../src/a.js';\n");
  write(
    'src/engine/install/linked-engine.ts',
    `// @ts-nocheck
     import {existsSync} from 'node:fs';
     export const linkedEngine = () => (existsSync(new URL('../../../../engine', import.meta.url)) ? {cuda: false} : undefined);\n`,
  );
  write(
    'src/cli/command-manifest.ts',
    `// @ts-nocheck
     import {readdirSync, writeFileSync} from 'node:fs';
     export const writeCommandManifest = (root) =>
       writeFileSync(root + '/oclif.manifest.json', JSON.stringify(readdirSync(root + '/dist/commands')));\n`,
  );
  write(
    'bin/run.js',
    "import {writeFileSync} from 'node:fs';\nwriteFileSync('engine', process.argv.slice(2).join(' '));\n",
  );
  const npm = `#!${process.execPath}
    const {appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} = require('node:fs');
    appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
    if (process.env.FAKE_NPM === 'offline') { console.error('npm error code ENOTFOUND'); process.exit(1); }
    rmSync('node_modules', {recursive: true, force: true});
    mkdirSync('node_modules/tool', {recursive: true});
    symlinkSync('${root}/node_modules/typescript', 'node_modules/typescript');
    const {packages} = JSON.parse(readFileSync('package-lock.json'));
    delete packages['node_modules/absent'];
    writeFileSync('node_modules/.package-lock.json', JSON.stringify({packages}));`;
  write('tools/npm', npm);
  write('tools/package.json', '{"type": "commonjs"}');
  chmodSync(join(clone, 'tools/npm'), 0o755);
});
afterEach(() => rmSync(clone, {recursive: true}));

function write(path: string, text: string): void {
  mkdirSync(join(clone, path, '..'), {recursive: true});
  writeFileSync(join(clone, path), text);
}

/** Writes a lockfile with one package. */
function lock(version: string): void {
  const integrity = createHash('sha512').update(version).digest('base64');
  const packages = {
    '': {},
    'node_modules/tool': {version, integrity},
    'node_modules/absent': {version, optional: true},
  };
  write('package-lock.json', JSON.stringify({packages}));
}

interface Outcome {
  readonly exit: number;
  readonly said: string;
}

function setup(env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Outcome> {
  const environment: NodeJS.ProcessEnv = {...process.env, FEWCLIP_SETUP_ENGINE: '', ...env};
  environment['PATH'] = `${join(clone, 'tools')}:${environment['PATH']}`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(clone, 'bin/setup.js'), ...args],
      {env: environment},
      (error, stdout, stderr) => {
        expect(stdout).toBe('');
        resolve({exit: Number(error?.code ?? 0), said: stderr});
      },
    );
  });
}

const withoutEngine = {FEWCLIP_SETUP_ENGINE: 'none'};
const npmRuns = () => readFileSync(join(clone, 'npm.log'), 'utf8').split('\n').length - 1;
const written = (path: string) => readFileSync(join(clone, path), 'utf8');

describe('setup on a fresh clone', () => {
  it('installs, compiles and fetches the engine, a line each, and then has nothing to do', async () => {
    const first = await setup();
    expect(first).toEqual({
      exit: 0,
      said:
        'setup: installing the npm packages (npm ci)\n' +
        'setup: compiling the sources to dist\n' +
        'setup: installing the TensorFlow engine (FEWCLIP_SETUP_ENGINE=none skips this)\n',
    });
    expect(written('engine')).toBe('engine install --cpu');
    expect(written('dist/src/a.js')).toContain('const a = 1');
    expect(readdirSync(join(clone, 'dist')).sort()).toEqual(['.fewclip-build.json', 'commands', 'src']);
    expect(await setup()).toEqual({exit: 0, said: ''});
    expect(npmRuns()).toBe(1);
  });

  it('leaves the engine out when told to', async () => {
    expect((await setup(withoutEngine)).exit).toBe(0);
    expect(existsSync(join(clone, 'engine'))).toBe(false);
  });

  it('fetches the engine that is asked for, also over one for processors', async () => {
    await setup();
    await setup({FEWCLIP_SETUP_ENGINE: 'cuda'});
    expect(written('engine')).toBe('engine install --cuda');
  });

  it('may be run twice at once', async () => {
    const both = await Promise.all([setup(withoutEngine), setup(withoutEngine)]);
    expect(both.map(({exit}) => exit)).toEqual([0, 0]);
    expect(
      both.filter(({said}) => said.includes('another setup is at work here: waiting for it')),
    ).toHaveLength(1);
    expect(npmRuns()).toBe(1);
    expect(existsSync(join(clone, 'dist/src/a.js'))).toBe(true);
    expect(
      readdirSync(join(clone, 'node_modules')).filter((name) => name.startsWith('.fewclip-new')),
    ).toEqual([]);
  });
});

describe('setup on a clone that changed', () => {
  beforeEach(async () => {
    await setup(withoutEngine);
  });

  it('compiles again after a change, and drops the output of a removed source', async () => {
    write('src/a.ts', 'export const a: number = 22;\n');
    write('src/c.ts', 'export const c: number = 3;\n');
    expect((await setup(withoutEngine)).said).toBe('setup: compiling the sources to dist\n');
    expect(written('dist/src/a.js')).toContain('const a = 22');
    rmSync(join(clone, 'src/c.ts'));
    expect((await setup(withoutEngine)).said).toBe('setup: compiling the sources to dist\n');
    expect(existsSync(join(clone, 'dist/src/c.js'))).toBe(false);
    expect(npmRuns()).toBe(1);
  });

  it('compiles again when only the time of a source changed', async () => {
    utimesSync(join(clone, 'src/a.ts'), new Date(0), new Date(0));
    expect((await setup(withoutEngine)).said).toBe('setup: compiling the sources to dist\n');
  });

  it('installs again when the lockfile names another version, not when npm was run by hand', async () => {
    lock('2.0.0');
    expect((await setup(withoutEngine)).said).toMatch(/^setup: installing the npm packages/);
    expect(npmRuns()).toBe(2);
    lock('3.0.0');
    write('node_modules/.package-lock.json', written('package-lock.json').replace('node_modules/absent', ''));
    expect((await setup(withoutEngine)).said).not.toContain('npm');
    rmSync(join(clone, 'node_modules/tool'), {recursive: true});
    rmSync(join(clone, 'node_modules/.fewclip-setup.json'));
    expect((await setup(withoutEngine)).said).toMatch(/^setup: installing the npm packages/);
  });

  it('keeps the old dist when the sources do not compile, and shows the errors', async () => {
    write('src/a.ts', "export const a: number = 'text';\n");
    const outcome = await setup(withoutEngine);
    expect(outcome.exit).toBe(1);
    expect(outcome.said).toMatch(
      /tsc -p tsconfig\.build\.json .*failed:\nsrc\/a\.ts\(1,14\): error TS2322: /,
    );
    expect(outcome.said).toMatch(/\nTry this: mend the type errors above, or take a released version\n$/);
    expect(written('dist/src/a.js')).toContain('const a = 1');
    expect(
      readdirSync(join(clone, 'node_modules')).filter((name) => name.startsWith('.fewclip-new')),
    ).toEqual([]);
    expect((await setup(withoutEngine)).exit).toBe(1);
  });

  it('cleans up after a compilation that was killed', async () => {
    mkdirSync(join(clone, 'node_modules/.fewclip-new-1/src'), {recursive: true});
    rmSync(join(clone, 'dist'), {recursive: true});
    expect((await setup(withoutEngine)).exit).toBe(0);
    expect(existsSync(join(clone, 'node_modules/.fewclip-new-1'))).toBe(false);
  });
});

describe('the version of Node', () => {
  /** Makes every process believe that it runs on another version. */
  const pretend = (version: string) => {
    const value = `{...process.versions, node: '${version}'}`;
    write('pretend.cjs', `Object.defineProperty(process, 'versions', {value: ${value}});\n`);
    return {...withoutEngine, NODE_OPTIONS: `--require ${join(clone, 'pretend.cjs')}`};
  };

  it.each(['18.20.4', '20.19.0'])('%s is too old', async (version) => {
    expect(await setup(pretend(version))).toEqual({
      exit: 1,
      said: `setup: expected Node 20.20 or 22, got ${version}\nTry this: nvm install 22 (or another way to Node 22)\n`,
    });
    expect(existsSync(join(clone, 'npm.log'))).toBe(false);
  });

  it('24.1.0 is tried, with a warning', async () => {
    const outcome = await setup(pretend('24.1.0'));
    expect(outcome.said).toMatch(
      /^setup: expected Node 20\.20 or 22, got 24\.1\.0: going on, but it is not tested/,
    );
    expect(outcome.exit).toBe(0);
  });

  it.each(['20.20.0', '22.23.3'])('%s is right', async (version) => {
    expect((await setup({...pretend(version), FAKE_NPM: 'offline'})).said).toMatch(
      /^setup: installing the npm packages/,
    );
  });
});

describe('setup that fails', () => {
  it('shows the words of npm and how to go on', async () => {
    const outcome = await setup({FAKE_NPM: 'offline'});
    expect(outcome).toEqual({
      exit: 1,
      said:
        'setup: installing the npm packages (npm ci)\n' +
        'setup: npm ci failed:\nnpm error code ENOTFOUND\nTry this: check the network, then: npm ci\n',
    });
  });

  it('ends with 4 for the engine alone, or goes on when the engine is optional', async () => {
    write('bin/run.js', "console.error('Error: engine install: got no g++');\nprocess.exitCode = 4;\n");
    const strict = await setup();
    expect(strict.exit).toBe(4);
    expect(strict.said).toMatch(
      /\nError: engine install: got no g\+\+\nsetup: the TensorFlow engine is not there\nTry this: /,
    );
    const optional = await setup({}, '--engine-optional');
    expect(optional.exit).toBe(0);
    expect(optional.said).toMatch(
      /\nError: engine install: got no g\+\+\nsetup: going on without TensorFlow: the wasm/,
    );
  });

  it('refuses an engine or an argument that it does not know', async () => {
    await setup(withoutEngine);
    const engine = await setup({FEWCLIP_SETUP_ENGINE: 'gpu'});
    expect(engine.said).toMatch(/^setup: FEWCLIP_SETUP_ENGINE: expected none, cpu, cuda, got gpu\n/);
    const argument = await setup({}, '--engine-option');
    expect(argument.said).toMatch(/^setup: expected --engine-optional or nothing, got --engine-option\n/);
    expect([engine.exit, argument.exit]).toEqual([1, 1]);
  });
});
