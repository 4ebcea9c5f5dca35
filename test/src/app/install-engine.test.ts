import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {afterEach, beforeAll, describe, expect, it} from 'vitest';
import {installEngine, type InstallEvent} from '../../../src/app/install-engine.js';
import {listEngines} from '../../../src/app/list-engines.js';
import {removeEngine} from '../../../src/app/remove-engine.js';
import {addonPath} from '../../../src/engine/install/engine-places.js';
import {linkedEngine} from '../../../src/engine/install/linked-engine.js';
import {UserError} from '../../../src/support/errors.js';
import {fakePath, makeEngine, type FakePip, type MadeEngine} from '../../support/made-engine.js';

let made: MadeEngine;

beforeAll(async () => {
  made = await makeEngine();
  return () => rmSync(made.folder, {recursive: true});
});

afterEach(() => rmSync(made.surroundings.places.engines, {recursive: true, force: true}));

/** The made surroundings with another pip, PATH or anything else. */
function surroundings(pip: FakePip = {}, changes: Partial<MadeEngine['surroundings']> = {}) {
  const environment = {
    ...made.surroundings.environment,
    FAKE_PIP: JSON.stringify({wheels: made.wheels, ...pip}),
  };
  return {...made.surroundings, environment, ...changes};
}

/** The error that an installation ends with. */
async function failure(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

const cacheEntries = () =>
  existsSync(made.surroundings.places.engines) ? readdirSync(made.surroundings.places.engines) : [];

describe('a first installation', () => {
  it('downloads, unpacks, builds, loads and links, and keeps no wheel', async () => {
    const events: InstallEvent[] = [];
    const result = await installEngine({onEvent: (event) => events.push(event)}, surroundings());
    expect(result).toMatchObject({kind: 'cpu', tensorflow: '9.9.9', isNew: true, gpu: false});
    expect(result.name).toMatch(/^tensorflow-9\.9\.9-cpu-[0-9a-f]{8}$/);
    expect(cacheEntries()).toEqual([result.name]);
    expect(readdirSync(result.folder).sort()).toEqual(['addons', 'include', 'lib', 'manifest.json']);
    const {addonPackage} = made.surroundings.places;
    expect(readlinkSync(join(addonPackage, 'deps/lib'))).toBe(join(result.folder, 'lib'));
    const addon = createRequire(import.meta.url)(addonPath(addonPackage)) as {TF_Version: string};
    expect(addon.TF_Version).toBe('9.9.9');
    const phases = events.map((event) => ('phase' in event ? event.phase : event.type));
    expect([...new Set(phases)]).toEqual(['download', 'verify', 'unpack', 'build', 'check', 'link']);
  });

  it('tells bytes and rate while the file grows', async () => {
    const events: InstallEvent[] = [];
    await installEngine({onEvent: (event) => events.push(event)}, surroundings({mode: 'slow', slowMs: 1200}));
    const downloads = events
      .filter((event) => event.type === 'progress')
      .filter(({phase}) => phase === 'download');
    const total = made.surroundings.sets.cpu.wheels[0].bytes;
    const between = downloads.filter(({doneBytes}) => doneBytes > 0 && doneBytes < total);
    expect(between.length).toBeGreaterThan(0);
    expect(between.at(-1)!.bytesPerSecond).toBeGreaterThan(0);
    expect(downloads.at(-1)!.doneBytes).toBe(total);
    expect(downloads.every(({totalBytes}) => totalBytes === total)).toBe(true);
  });

  it('puts the CUDA libraries where TensorFlow looks, executables executable', async () => {
    const result = await installEngine({kind: 'cuda'}, surroundings());
    expect(result).toMatchObject({kind: 'cuda', tensorflow: '9.9.9'});
    const nvidia = join(made.surroundings.places.addonPackage, 'deps/lib/../nvidia/cublas');
    expect(readFileSync(join(nvidia, 'lib/libcublas.so.12'), 'utf8')).toBe('cublas');
    expect(lstatSync(join(nvidia, 'bin/tool')).mode & 0o777).toBe(0o755);
    expect(existsSync(join(nvidia, 'include'))).toBe(false);
    expect(linkedEngine(made.surroundings.places.addonPackage)).toMatchObject({
      name: result.name,
      cuda: true,
    });
    await installEngine({kind: 'cpu'}, surroundings());
    expect(existsSync(join(made.surroundings.places.addonPackage, 'deps/nvidia'))).toBe(false);
    expect(cacheEntries()).toHaveLength(2);
  });

  it('points out a GPU only when no kind was asked for', async () => {
    const notices: string[] = [];
    const onEvent = (event: InstallEvent) => void (event.type === 'notice' && notices.push(event.message));
    await installEngine({kind: 'cpu', onEvent}, surroundings({}, {hasGpu: true}));
    expect(notices).toEqual([]);
    await installEngine({onEvent}, surroundings({}, {hasGpu: true}));
    expect(notices).toEqual(['this machine has an NVIDIA GPU: `fewclip engine install --cuda` uses it']);
  });
});

describe('an engine that is in the cache', () => {
  it('is only linked in a second clone, with no tool on PATH', async () => {
    const first = await installEngine({}, surroundings());
    const places = made.secondClone();
    const second = await installEngine({}, surroundings({}, {places, environment: {PATH: '/nowhere'}}));
    expect(second).toMatchObject({name: first.name, isNew: false});
    expect(linkedEngine(places.addonPackage)?.folder).toBe(first.folder);
  });

  it('is installed again with force, and when a file lost its end', async () => {
    const {folder} = await installEngine({}, surroundings());
    const before = lstatSync(join(folder, 'manifest.json')).ino;
    expect((await installEngine({force: true}, surroundings())).isNew).toBe(true);
    expect(lstatSync(join(folder, 'manifest.json')).ino).not.toBe(before);
    truncateSync(join(folder, 'lib/libtensorflow_cc.so.2'), 10);
    expect((await listEngines(made.surroundings.places)).engines[0]).toMatchObject({whole: false});
    expect((await installEngine({}, surroundings())).isNew).toBe(true);
    expect((await listEngines(made.surroundings.places)).engines[0]).toMatchObject({
      whole: true,
      linked: true,
    });
  });

  it('gets a new addon when the old one does not load here', async () => {
    const {folder} = await installEngine({}, surroundings());
    const addon = readlinkSync(addonPath(made.surroundings.places.addonPackage));
    writeFileSync(addon, 'built for another system');
    expect((await installEngine({}, surroundings())).isNew).toBe(false);
    expect(lstatSync(addon).size).toBeGreaterThan(1000);
    expect(readdirSync(join(folder, 'addons'))).toHaveLength(1);
  });

  it('replaces an engine that was put into node_modules by hand', async () => {
    const places = made.secondClone();
    const library = join(places.addonPackage, 'deps/lib');
    mkdirSync(library, {recursive: true});
    writeFileSync(join(library, 'libtensorflow_framework.so.2'), 'by hand');
    const {folder} = await installEngine({}, surroundings({}, {places}));
    expect(readlinkSync(library)).toBe(join(folder, 'lib'));
  });
});

describe('wheels that were downloaded already', () => {
  const given = () => join(made.wheels, made.surroundings.sets.cpu.wheels[0].file);

  it('need no pip and stay where they are; their kind decides', async () => {
    const result = await installEngine({wheels: [given()]}, surroundings({mode: 'no-pip'}));
    expect(result).toMatchObject({kind: 'cpu', isNew: true});
    expect(existsSync(given())).toBe(true);
    const cuda = join(made.wheels, made.surroundings.sets.cuda.wheels[0].file);
    expect(await installEngine({wheels: [cuda]}, surroundings())).toMatchObject({kind: 'cuda'});
  });

  it('must go with the kind that was asked for', async () => {
    const error = await failure(installEngine({kind: 'cuda', wheels: [given()]}, surroundings()));
    expect(error.message).toBe(
      `--wheel: expected wheels of the cuda engine, got ${given()} of the cpu engine`,
    );
    expect(error.exit).toBe(2);
  });
});

describe('what a person must mend', () => {
  it.each([
    [
      {mode: 'no-pip'},
      'engine install: expected python3, pip, g++ on this machine, got no pip',
      /install.* python3?-pip$/,
    ],
    [
      {mode: 'absent'},
      'pip download: expected tensorflow_cpu-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl, got:',
      /--wheel/,
    ],
    [
      {mode: 'corrupt'},
      'tensorflow_cpu-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl: expected the SHA-256',
      /again/,
    ],
  ] as const)('is told with exit code 4: pip %o', async (pip, message, tryThis) => {
    const error = await failure(installEngine({}, surroundings(pip)));
    expect(error.message).toContain(message);
    expect(error.tryThis).toMatch(tryThis);
    expect(error.exit).toBe(4);
    expect(cacheEntries()).toEqual([]);
  });

  it('is a matter of trying again when the network or the disk ends, exit code 75', async () => {
    const offline = await failure(installEngine({}, surroundings({mode: 'offline'})));
    expect(offline.message).toMatch(
      /^pip download: expected to reach the package index, got:\nWARNING: Retrying/,
    );
    const full = await failure(installEngine({}, surroundings({mode: 'full'})));
    expect(full.message).toMatch(/^pip download: expected room for tensorflow_cpu.*, got a full disk$/);
    expect([offline.exit, full.exit]).toEqual([75, 75]);
    expect(cacheEntries()).toEqual([]);
  });

  it('names all missing programs at once, before anything is downloaded', async () => {
    const error = await failure(installEngine({}, surroundings({}, {environment: {PATH: '/nowhere'}})));
    expect(error.message).toBe(
      'engine install: expected python3, pip, g++ on this machine, got no python3, no pip, no g++',
    );
    expect(error.tryThis).toMatch(/apt-get install -y python3 python3-pip g\+\+$/);
    expect(error.exit).toBe(4);
  });

  it('asks for a compiler when only that is missing', async () => {
    const environment = {...surroundings().environment, PATH: fakePath(join(made.folder, 'only-python'))};
    const error = await failure(installEngine({}, surroundings({}, {environment})));
    expect(error.message).toMatch(/, got no g\+\+$/);
    expect(error.tryThis).toMatch(/apt-get install -y g\+\+$/);
  });

  it('checks the disk first', async () => {
    const error = await failure(
      installEngine({}, surroundings({}, {freeBytes: () => Promise.resolve(40e6)})),
    );
    expect(error.message).toMatch(/engines: expected 50\.\d MB of free disk, got 40\.0 MB$/);
    expect(error.tryThis).toMatch(/^fewclip engine remove --all, or .*FEWCLIP_CACHE=/);
    expect(error.exit).toBe(4);
    expect(cacheEntries()).toEqual([]);
  });

  it('refuses a platform that the wheels do not run on', async () => {
    const platform = {system: 'darwin', processor: 'arm64', glibc: undefined};
    const error = await failure(installEngine({}, surroundings({}, {platform})));
    expect(error.message).toBe('engine install: expected Linux on x64, got darwin on arm64');
    expect(error.exit).toBe(4);
  });

  it('shows the words of a compiler that fails, and leaves nothing', async () => {
    const places = made.secondClone();
    writeFileSync(join(places.addonPackage, 'binding/broken.cc'), 'this is no C++;');
    const error = await failure(installEngine({}, surroundings({}, {places})));
    expect(error.message).toMatch(
      /^engine install: expected g\+\+ to build the addon, got:\n[^]*broken\.cc:1:1: error/,
    );
    expect(error.exit).toBe(4);
    expect(cacheEntries()).toEqual([]);
  });

  it('says why TensorFlow does not load', async () => {
    const places = made.secondClone();
    writeFileSync(
      join(places.addonPackage, 'binding/crash.cc'),
      '__attribute__((constructor)) void f() { __builtin_trap(); }',
    );
    const error = await failure(installEngine({}, surroundings({}, {places})));
    expect(error.message).toMatch(/^engine install: expected TensorFlow to load, got: .*SIGILL/);
    expect(cacheEntries()).toEqual([]);
  });
});

describe('an interrupted installation', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('by %s ends with exit code %i and leaves nothing', async (signal, exit) => {
    const stop = new AbortController();
    const onEvent = (event: InstallEvent) => {
      if (event.type === 'progress' && event.doneBytes > 0) stop.abort(signal);
    };
    const slow = surroundings({mode: 'slow', slowMs: 20_000});
    const error = await failure(installEngine({signal: stop.signal, onEvent}, slow));
    expect(error.message).toBe('engine install: stopped before the end; nothing is left behind');
    expect(error.exit).toBe(exit);
    expect(cacheEntries()).toEqual([]);
  });
});

describe('removing engines', () => {
  it('takes the link along, and other engines stay', async () => {
    const cuda = await installEngine({kind: 'cuda'}, surroundings());
    const cpu = await installEngine({}, surroundings());
    const {places} = made.surroundings;
    expect((await removeEngine({which: {name: cuda.name}}, places)).freedBytes).toBe(cuda.bytes);
    expect(linkedEngine(places.addonPackage)?.name).toBe(cpu.name);
    expect((await removeEngine({which: {name: 'tensorflow-9.9.9-cpu'}}, places)).removed).toMatchObject([
      {name: cpu.name},
    ]);
    expect(linkedEngine(places.addonPackage)).toBeUndefined();
    expect(cacheEntries()).toEqual([]);
    expect((await removeEngine({which: 'all'}, places)).removed).toEqual([]);
  });

  it('names what is known when the name fits none or several', async () => {
    const cpu = await installEngine({}, surroundings());
    const cuda = await installEngine({kind: 'cuda'}, surroundings());
    const {places} = made.surroundings;
    const several = await failure(removeEngine({which: {name: 'tensorflow-9'}}, places));
    expect(several.message).toBe(
      `engine remove: expected a name that fits one engine, got tensorflow-9 (known: ${cpu.name}, ${cuda.name})`,
    );
    const none = await failure(removeEngine({which: {name: 'torch'}}, places));
    expect(none.message).toContain('engine remove: expected an installed engine, got torch (known: ');
    expect(none.exit).toBe(2);
    expect(cacheEntries()).toHaveLength(2);
  });
});
