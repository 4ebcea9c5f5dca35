import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {InstallSurroundings} from '../../src/app/install-engine.js';
import type {EnginePlaces} from '../../src/engine/install/engine-places.js';
import type {Wheel} from '../../src/engine/install/wheels.js';
import {makeZip, type ZipEntry} from './make-zip.js';

/** A stand-in for TensorFlow: real libraries and a real addon, of a few lines each. */
const libraries = {
  cc: 'extern "C" const char* framework_version(); extern "C" const char* TF_Version() { return framework_version(); }',
  framework: 'extern "C" const char* framework_version() { return "9.9.9"; }',
};
const binding = `#include <node_api.h>
#include "tensorflow/c/c_api.h"
static napi_value gpu(napi_env env, napi_callback_info) {
  napi_value result;
  napi_get_boolean(env, false, &result);
  return result;
}
static napi_value init(napi_env env, napi_value exports) {
  napi_value version, function;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  napi_create_function(env, "isUsingGpuDevice", NAPI_AUTO_LENGTH, gpu, nullptr, &function);
  napi_set_named_property(env, exports, "isUsingGpuDevice", function);
  return exports;
}
NAPI_MODULE(tfjs_binding, init)
`;

const take = ['tensorflow/libtensorflow_*.so.2', 'tensorflow/include/tensorflow/c/**.h'];
const cpuFile = 'tensorflow_cpu-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl';
const cudaFile = 'tensorflow-9.9.9-cp311-cp311-manylinux_2_27_x86_64.whl';
const nvidiaFile = 'nvidia_cublas_cu12-12.0.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl';

/** Everything an installation needs, small and in a temporary folder. */
export interface MadeEngine {
  readonly folder: string;
  /** Holds the wheels, under their names. */
  readonly wheels: string;
  /** What the wheels with TensorFlow hold. */
  readonly tensorflow: readonly ZipEntry[];
  readonly surroundings: InstallSurroundings;
  /** A second installation of fewclip that shares the cache. */
  secondClone(): EnginePlaces;
}

/**
 * Makes wheels with loadable libraries, a package to link them into, a cache, and a PATH whose python3 plays pip.
 * @param pip what the played pip does, see fake-python.js
 */
export async function makeEngine(pip: FakePip = {}): Promise<MadeEngine> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fewclip-engine-')));
  const wheels = join(folder, 'wheels');
  mkdirSync(wheels);
  const tensorflow = tensorflowEntries(folder);
  const cpu = await makeWheel(join(wheels, cpuFile), tensorflow, take);
  const forGpus = [...tensorflow, {name: 'tensorflow/README', data: 'differs from the one for processors'}];
  const cuda = await makeWheel(join(wheels, cudaFile), forGpus, take);
  const nvidia = await makeWheel(
    join(wheels, nvidiaFile),
    [
      {name: 'nvidia/cublas/lib/libcublas.so.12', data: 'cublas'},
      {name: 'nvidia/cublas/bin/tool', data: '#!/bin/sh\n', mode: 0o755},
      {name: 'nvidia/cublas/include/cublas.h', data: '// not taken'},
    ],
    ['nvidia/cublas/lib/*.so.12', 'nvidia/cublas/bin/*'],
  );
  let clones = 0;
  const clone = () => makeClone(folder, `clone-${++clones}`);
  return {
    folder,
    wheels,
    tensorflow,
    surroundings: {
      sets: {cpu: {kind: 'cpu', wheels: [cpu]}, cuda: {kind: 'cuda', wheels: [cuda, nvidia]}},
      places: clone(),
      environment: {
        PATH: `${fakePath(join(folder, 'bin'))}:${process.env['PATH']}`,
        FAKE_PIP: JSON.stringify({wheels, ...pip}),
      },
      platform: {system: 'linux', processor: 'x64', glibc: '2.36'},
      freeBytes: () => Promise.resolve(1e12),
      hasGpu: false,
    },
    secondClone: clone,
  };
}

/** What the played pip does; see fake-python.js. */
export interface FakePip {
  readonly mode?: 'offline' | 'absent' | 'full' | 'corrupt' | 'slow' | 'no-pip';
  /** How long `slow` takes for a wheel. */
  readonly slowMs?: number;
}

/** A folder for the front of PATH whose python3 plays pip. */
export function fakePath(folder: string): string {
  mkdirSync(folder, {recursive: true});
  const script = fileURLToPath(new URL('fake-python.js', import.meta.url));
  writeFileSync(join(folder, 'python3'), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`);
  chmodSync(join(folder, 'python3'), 0o755);
  return folder;
}

/** Writes a wheel and pins it. */
export async function makeWheel(
  path: string,
  entries: readonly ZipEntry[],
  globs: readonly string[],
): Promise<Wheel> {
  await makeZip(path, entries);
  return {
    file: path.slice(dirname(path).length + 1),
    bytes: statSync(path).size,
    sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    unpackedBytes: entries.reduce((sum, {data}) => sum + data.length, 0),
    take: globs,
  };
}

function tensorflowEntries(folder: string): ZipEntry[] {
  const compile = (name: keyof typeof libraries, ...more: string[]) => {
    const file = `libtensorflow_${name}.so.2`;
    writeFileSync(join(folder, `${name}.cc`), libraries[name]);
    const args = [
      '-shared',
      '-fPIC',
      '-o',
      file,
      `${name}.cc`,
      `-Wl,-soname,${file}`,
      '-Wl,-rpath,$ORIGIN',
      ...more,
    ];
    execFileSync('g++', args, {cwd: folder});
    return {name: `tensorflow/${file}`, data: readFileSync(join(folder, file))};
  };
  const framework = compile('framework');
  const cc = compile('cc', '-L.', '-l:libtensorflow_framework.so.2');
  const header = 'extern "C" const char* TF_Version();\n';
  return [
    framework,
    cc,
    {name: 'tensorflow/include/tensorflow/c/c_api.h', data: header},
    {name: 'tensorflow/python/large.py', data: 'not taken'},
  ];
}

function makeClone(folder: string, name: string): EnginePlaces {
  const addonPackage = join(folder, name, 'tfjs-node-gpu');
  mkdirSync(join(addonPackage, 'binding'), {recursive: true});
  writeFileSync(join(addonPackage, 'package.json'), '{"version": "1.0.0"}');
  writeFileSync(join(addonPackage, 'binding', 'tfjs_binding.cc'), binding);
  const headersPackage = join(folder, name, 'node-api-headers');
  cpSync(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), headersPackage, {
    recursive: true,
  });
  return {engines: join(folder, 'cache', 'engines'), addonPackage, headersPackage};
}
